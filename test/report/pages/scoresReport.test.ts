import { createHash } from "node:crypto";
import { expect } from "chai";
import type { Result } from "../../../src/results/result.js";
import { linkTo } from "../../../src/report/sections/contactSheet.js";
import { scoresReport } from "../../../src/report/pages/scoresReport.js";
import { failure, header, image, textOf, video } from "../results.js";

const picture = "test/fixtures/pictures/small.png";
const hostile = `<img src=x onerror="alert('1')">&amp;.png`;

const pageOf = (results: readonly Result[], withHeader = true): Promise<string> =>
  textOf(scoresReport({ results, header: withHeader ? header : undefined, base: "." }));

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("report: scores", () => {
  it("shows every picture, the worst first, with its numbers, tones and settings", async () => {
    const page = await pageOf([image("in/b.png", 0.8), image(picture, 0.25), image("in/c.png", 0.5)]);
    const scores = [...page.matchAll(/data-score="([^"]+)"/g)].map(([, score]) => Number(score));
    expect(scores).to.deep.equal([0.25, 0.5, 0.8]);
    expect(page).to.match(/<dt>mean<\/dt>\s*<dd>0\.517<\/dd>/);
    expect(page).to.match(/<dt>median<\/dt>\s*<dd>0\.500<\/dd>/);
    expect(count(page, "data:image/webp;base64,")).to.equal(1);
    expect(count(page, "no longer at its path")).to.equal(2);
    expect(page).to.include("positive 25.0 % · negative 75.0 %");
    expect(page).to.include("{picture}Rate it. &lt;It&gt; is");
  });

  it("says how pictures were shown for the model's family", async () => {
    const family = { name: "LLaVA<b>", squarePad: [122, 116, 104] as const };
    const page = await textOf(
      scoresReport({ results: [image(picture, 0.25)], header: { ...header, family }, base: "." }),
    );
    expect(page).to.include(
      "LLaVA&lt;b&gt;; padded to squares of 122,116,104 unless a preset says otherwise",
    );
    const tokens = { name: "Qwen3.5", imageMinTokens: 64, imageMaxTokens: 4096, authorsMaxTokens: 16384 };
    const capped = await textOf(
      scoresReport({ results: [image(picture, 0.25)], header: { ...header, family: tokens }, base: "." }),
    );
    expect(capped).to.include("Qwen3.5; its authors allow 16384 tokens a picture");
    expect(capped).to.match(/most tokens a picture<\/th>\s*<td>4096/);
  });

  it("is one page that fetches nothing and runs no script but its own", async () => {
    const page = await pageOf([image(picture, 0.25), video("examples/clip.mp4", [1, 0, -1])]);
    expect(page).not.to.match(/(src|href)="(https?:)?\/\//);
    const [, policy = ""] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
    const [, script = ""] = /<script>(.*?)<\/script>\s*$/s.exec(page) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(policy)
      .to.include("default-src &#39;none&#39;")
      .and.include(`script-src &#39;sha256-${hash}&#39;`);
  });

  it("shows names as text, wherever they stand", async () => {
    const page = await pageOf([
      image(hostile, 0.5),
      image("b.png", 0.6),
      failure(hostile),
      { ...video(hostile, [1, 0, -1]), warnings: [hostile] },
    ]);
    expect(page).not.to.include("<img src=x");
    expect(page).not.to.include(`onerror="`);
    expect(count(page, "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;.png")).to.be.above(
      4,
    );
  });

  it("links to pictures from where it lies, and lets no name become another scheme", () => {
    expect(linkTo("photos/a b#1.jpg", "reports")).to.equal("../photos/a%20b%231.jpg");
    expect(linkTo("javascript:alert(1).jpg", ".")).to.equal("javascript%3Aalert(1).jpg");
    expect(linkTo("-", ".")).to.equal(undefined);
  });

  it("lists what failed, and is whole where everything did", async () => {
    const page = await pageOf([failure("a.png"), failure("b.png")]);
    expect(page).to.include("2 failed").and.include("ERR_IMAGE_DECODE").and.include("is cut short");
    expect(page).not.to.include("NaN");
    expect(page).not.to.include("data-sheet>");
  });

  it("says what a picture scored as a whole and at full size", async () => {
    const { score, tones, answerMass, trusted } = image("a.png", 0.75);
    const whole = { score, tones, answerMass, trusted };
    const treatment = { name: "detail", crops: 2, side: 512, whole: 0.2 } as const;
    const crop = { left: 0, top: 0, width: 512, height: 512, answers: [], ...whole };
    const views = {
      treatment,
      whole,
      crops: [
        { ...crop, score: 0.5 },
        { ...crop, score: 0.25 },
      ],
    };
    const results = [image("a.png", 0.4, { views })];
    const page = await textOf(scoresReport({ results, header: { ...header, views: treatment }, base: "." }));
    expect(page).to.include("whole 0.750, at full size 0.500 · 0.250");
    expect(page).to.include("detail: 20 % the whole, the rest up to 2 crops of 512×512 at full size");
    expect(await pageOf(results.map((result) => ({ ...result, views: undefined }) as never))).not.to.include(
      "at full size",
    );
  });

  it("takes one picture, equal scores, and results without a header", async () => {
    const one = await pageOf([image(picture, 0.5)], false);
    expect(one).to.include("The picture").and.not.include("<h2>Settings</h2>");
    expect(one).not.to.include("<form");
    const equal = await pageOf([image("a.png", 0.5), image("b.png", 0.5)]);
    expect(equal).to.include("mean 0.500");
    expect(one + equal).not.to.include("NaN");
  });

  it("marks what is not trusted, and offers to show that only", async () => {
    const page = await pageOf([
      image("a.png", 0.5),
      image("b.png", 0.6, { trusted: false, answerMass: 0.12 }),
    ]);
    expect(count(page, "data-untrusted")).to.equal(1);
    expect(page).to.include("answer mass 0.12").and.include("untrusted only");
    expect(await pageOf([image("a.png", 0.5), image("b.png", 0.6)])).not.to.include("untrusted only");
    const unlearned = { trusted: false, distrust: "unlearned" } as const;
    expect(await pageOf([image("a.png", 0.5), image("b.png", 0.6, unlearned)])).to.include("never learned");
    expect(await pageOf([{ ...video("a.mp4", [1, 2]), ...unlearned }])).to.include(
      "Not trusted: never learned",
    );
  });

  it("shows scores of a scale that it does not know between their own ends", async () => {
    const page = await pageOf([
      image("a.png", 31.5, { scale: "koniq MOS" }),
      image("b.png", 72.25, { scale: "koniq MOS" }),
    ]);
    expect(page).to.include("<dd>72.250</dd>").and.not.include("NaN");
  });

  it("shows pooling rules of a calibrated video without the calibration", async () => {
    const page = await pageOf([{ ...video("gone.mp4", [2, 1.5, -2, 0]), scale: "koniq MOS", score: 61.5 }]);
    expect(page).to.include("Score 61.500").and.include("without the calibration");
    expect(page).to.match(/logits \(used\)<\/th>\s*<td class="number">0\.\d{3}</);
  });

  it("shows a video's frames, worst moment and pooling rules", async () => {
    const page = await pageOf([video("examples/clip.mp4", [2, 1.5, -2, 0])]);
    expect(count(page, "data:image/webp;base64,")).to.equal(5);
    expect(page).to.include("The worst moments").and.include("logits (used)").and.include("hysteresis:2");
    const tips = [...page.matchAll(/"picture":"(video0-\d+)"/g)].map(([, id]) => id ?? "");
    expect(tips).to.have.length(4);
    for (const id of tips) expect(page).to.include(`<li id="${id}">`);
  });

  it("shows at most 120 frames of a long video, and every score", async () => {
    const page = await pageOf([
      video(
        "gone.mp4",
        Array.from({ length: 600 }, (_, time) => Math.sin(time)),
      ),
    ]);
    const strip = page.slice(page.indexOf(`class="strip"`), page.indexOf("The worst moments"));
    expect(count(strip, "<li id=")).to.be.within(120, 124);
    expect(count(page, `"text":`)).to.equal(600);
    expect(page).not.to.match(/"video0-Infinity"/);
  });
});
