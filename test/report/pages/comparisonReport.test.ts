import { expect } from "chai";
import { compareVersions } from "../../../src/compare/compare.js";
import type { PairedComparison } from "../../../src/results/comparison.js";
import { comparisonReport } from "../../../src/report/pages/comparisonReport.js";
import { contentOf, failure, header, image, textOf } from "../results.js";

const picture = "test/fixtures/pictures/small.png";
const hostile = `<svg onload="x">'&`;

function comparison(names: readonly string[], scores: readonly (readonly number[])[]): PairedComparison {
  const pairs = scores.map((row, index) => ({
    name: index === 0 ? hostile : `p${index}`,
    results: row.map((score, version) => ({
      ...image(picture, score),
      input: { path: picture, size: 9000 / (version + 1), width: 300, height: 200, treatment: [] },
    })),
  }));
  return {
    type: "comparison",
    version: 1,
    tonescore: "0.1.0",
    header,
    scale: "unit",
    ...compareVersions(names, pairs),
    errors: [failure("c.jpg")],
    unpaired: [{ version: "jpeg-10", lacks: [hostile] }],
  };
}

const pageOf = (of: PairedComparison): Promise<string> =>
  textOf(comparisonReport({ comparison: of, base: "." }));

describe("report: comparison", () => {
  it("shows the ladder, the differences and the pictures that differ most", async () => {
    const page = await pageOf(
      comparison(
        ["png", "jpeg-80", "jpeg-10"],
        [
          [0.8, 0.7, 0.3],
          [0.6, 0.65, 0.5],
        ],
      ),
    );
    for (const part of [
      "Score against size",
      "Differences from png",
      "The largest differences",
      "All pictures",
    ]) {
      expect(page).to.include(part);
    }
    expect(page).to.match(/<b>−0\.500<\/b>\s*<span>jpeg-10: 0\.800 → 0\.300<\/span>/);
    expect(page).to.include("jpeg-10 lacks").and.include("One failed");
    expect(page.split("data:image/webp;base64,")).to.have.length(5);
    expect(page).not.to.include("NaN");
  });

  it("joins the steps of a series only, each series in a colour that the legend names", async () => {
    const names = [
      "original",
      ...["x264", "x265", "av1"].flatMap((c) => [23, 33, 48].map((q) => `${c}-crf${q}`)),
    ];
    const page = await pageOf(comparison(names, [names.map((_, index) => 0.9 - index / 20)]));
    const lines = [
      ...page.matchAll(/<path d="M[^"]*L[^"]*L[^"]*" fill="none"[^>]* stroke="([^"]+)" stroke-width="2"/g),
    ];
    const wide = lines.slice(0, 3).map(([, colour]) => colour);
    expect(new Set(wide).size).to.equal(3);
    expect(lines).to.have.length(6); // three series, drawn wide and narrow
    const legend = [...page.matchAll(/<li><i style="background:([^"]+)"><\/i>([^<]+)<\/li>/g)];
    expect(legend.map(([, , text]) => text)).to.deep.equal(
      ["x264-crf 48, 33, 23", "x265-crf 48, 33, 23", "av1-crf 48, 33, 23", "original"].map((text) => text),
    );
    expect(new Set(legend.map(([, colour]) => colour)).size).to.equal(4);
  });

  it("shows names as text, in plots too", async () => {
    const page = await pageOf(
      comparison(
        [hostile, "jpeg-10"],
        [
          [0.8, 0.3],
          [0.6, 0.5],
        ],
      ),
    );
    expect(page).not.to.include("<svg onload");
    expect(page).to.include("&lt;svg onload=&quot;x&quot;&gt;");
  });

  it("takes one picture, and versions without a difference", async () => {
    const one = await pageOf(comparison(["a", "b"], [[0.8, 0.7]]));
    expect(one).to.include("The largest differences").and.not.include("Differences from a");
    const same = await pageOf(
      comparison(
        ["a", "b"],
        [
          [0.8, 0.8],
          [0.6, 0.6],
        ],
      ),
    );
    expect(same).not.to.include("The largest differences");
    expect(contentOf(one) + contentOf(same)).not.to.match(/NaN|Infinity/);
  });
});
