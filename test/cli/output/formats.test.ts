import { expect } from "chai";
import stringWidth from "string-width";
import { createFormat } from "../../../src/cli/output/formats/createFormat.js";
import { styleFor } from "../../../src/cli/terminal/style.js";
import type { RunningScore } from "../../../src/results/result.js";
import { scaleFormat } from "../../../src/scoring/scaleFormat.js";
import { cli, fakeHeader, fakeIo, FakeStream, folderWith } from "../fakes.js";

const onTerminal = (columns: number, colours = false) => fakeIo(new FakeStream(columns, colours));

describe("cli: formats", () => {
  describe("table", () => {
    it("is the default on a terminal, and NDJSON is elsewhere", async () => {
      await using folder = await folderWith("0.75.jpg");
      const table = await cli([folder.file("0.75.jpg")], { io: onTerminal(120) });
      expect(table.out).to.match(
        /^path +score {2}qboost {2}█ positive {2}▒ neutral {2}· negative\n.*0\.75\.jpg {2}0\.750 {2}█{15}·{5}\n$/,
      );
      expect((await cli([folder.file("0.75.jpg")])).out).to.match(/^\{"type":"header"/);
    });

    it("aligns its columns, and ends with a summary", async () => {
      await using folder = await folderWith("a-0.75.jpg", "longer-name-0.25.jpg");
      const { out, err } = await cli([folder.path], { io: onTerminal(150) });
      const lines = out.trimEnd().split("\n");
      expect(lines.at(-1)).to.equal("2 scored: mean 0.500, median 0.500, lowest 0.250, highest 0.750");
      expect(lines[1]?.indexOf("0.750 ")).to.equal(lines[2]?.indexOf("0.250 "));
      expect(err).to.equal("");
    });

    it("shortens paths in the middle so that no line is wider than the terminal", async () => {
      await using folder = await folderWith(`${"very-".repeat(20)}long-0.75.jpg`, "日本語の写真-0.80.png");
      const { out } = await cli([folder.path], { io: onTerminal(60) });
      const rows = out.split("\n").slice(1, 3);
      for (const row of rows) expect(stringWidth(row)).to.be.at.most(60);
      expect(rows[0]).to.match(/^\S+…\S*0\.75\.jpg +0\.750 {2}/);
    });

    it("has a row for each part of a feed, under the score of its preset", async () => {
      const presets = ["sharpness", "noise"].map((name) => ({ image: name, video: name, tones: ["good"] }));
      const formatOf = (count: number) =>
        createFormat("table", {
          ...{ presets: presets.slice(0, count), paths: ["-"], videos: true },
          ...{ shown: scaleFormat("unit"), style: styleFor(new FakeStream()) },
          ...{ columns: () => 100, summary: () => "" },
        });
      const part = (preset: string, from: number, score: number): RunningScore => ({
        ...{
          type: "running",
          input: { path: "-", width: 8, height: 8, treatment: [] },
          preset,
          scale: "unit",
        },
        ...{ score, answerMass: 1, trusted: true, tones: [{ name: "good", weight: 1, probability: 1 }] },
        ...{ pooling: "logits", from, to: from + 9, frames: 10 },
      });
      const one = await formatOf(1);
      const [titles, row] = (one.event?.(part("sharpness", 3600, 0.5)) ?? "").split("\n");
      expect(titles).to.match(/^path +score {2}sharpness {2}█ good$/);
      expect(row).to.match(/^1:00:00 to 1:00:09 +0\.500 {2}█{20}$/);
      expect(one.event?.(part("sharpness", 10, 0.25))).to.match(/^0:10 to 0:19 +0\.250 {2}█+\n$/);
      const both = await formatOf(2);
      const second = (both.event?.(part("noise", 0, 0.25)) ?? "").split("\n");
      expect(second[0]?.indexOf("noise")).to.equal(second[1]?.indexOf("0.250"));
      const { type, ...frame } = part("noise", 0, 0.25);
      expect(type).to.equal("running");
      expect(one.event?.({ ...frame, type: "frame", time: 0, answers: [] })).to.equal("");
    });

    it("does not shorten in a file or a pipe", async () => {
      const name = `${"very-".repeat(20)}long-0.75.jpg`;
      await using folder = await folderWith(name);
      const { out } = await cli([folder.file(name), "--format", "table"]);
      expect(out).to.include(`${folder.file(name)}  0.750  `);
    });

    it("is coloured by tone where there are colours, and only there", async () => {
      await using folder = await folderWith("0.75.jpg");
      const coloured = await cli([folder.file("0.75.jpg")], { io: onTerminal(120, true) });
      expect(coloured.out).to.include(`\x1b[32m${"█".repeat(15)}\x1b[39m\x1b[31m${"█".repeat(5)}\x1b[39m`);
      const plain = await cli([folder.file("0.75.jpg")], { io: onTerminal(120) });
      expect(plain.out).not.to.include("\x1b");
      const piped = await cli([folder.file("0.75.jpg"), "-f", "table"], {
        io: fakeIo(new FakeStream(undefined, true)),
      });
      expect(piped.out).not.to.include("\x1b");
    });

    it("shows failures, distrust, and a video's worst moment", async () => {
      await using folder = await folderWith("broken.jpg", "clip-0.80.mp4", "untrusted-0.40.jpg");
      const { out, err } = await cli([folder.path], { io: onTerminal(160) });
      expect(err).to.include("broken.jpg").and.not.to.include("untrusted"); // the table says it already
      expect(out).to.match(/broken\.jpg +- {2}failed \(ERR_IMAGE_DECODE\)\n/);
      expect(out).to.match(/clip-0\.80\.mp4 +0\.800 .*worst 0\.400 at 0:01 ▇▄▇ 3 frames\n/);
      expect(out).to.match(/untrusted-0\.40\.jpg +0\.400 .*untrusted, answer mass 0\.12\n/);
      await using unlearned = await folderWith("unlearned-0.40.jpg");
      expect((await cli([unlearned.path], { io: onTerminal(160) })).out).to.match(
        /untrusted, never learned\n/,
      );
    });

    it("names the scale", async () => {
      await using folder = await folderWith("0.75.jpg");
      const { out } = await cli([folder.path, "--scale", "percent"], { io: onTerminal(120) });
      expect(out)
        .to.match(/^path +percent /)
        .and.to.match(/ {4}75\.0 {2}/);
    });

    it("lets no file's name act on the terminal", async () => {
      await using folder = await folderWith("evil\x1b[2J\n-0.75.jpg");
      const { out } = await cli([folder.path], { io: onTerminal(160) });
      expect(out).to.include("evil?[2J?-0.75.jpg").and.not.to.include("\x1b");
    });
  });

  describe("json", () => {
    it("is one document with header, settings and results", async () => {
      await using folder = await folderWith("0.75.jpg", "broken.jpg", "clip-0.50.mp4");
      const { out } = await cli([
        folder.path,
        "--format",
        "json",
        "--frames",
        "3",
        "--pooling",
        "percentile:10",
      ]);
      const { header, results } = JSON.parse(out) as { header: unknown; results: { type: string }[] };
      const settings = { scale: "unit", trustThreshold: 0.5, sampling: "frames 3", pooling: "percentile:10" };
      expect(header).to.deep.equal({ ...fakeHeader, settings });
      expect(results.map((result) => result.type)).to.deep.equal(["image", "error", "video"]);
    });
  });

  describe("csv", () => {
    it("has a column a tone, and quotes what needs it", async () => {
      await using folder = await folderWith('a, "b"-0.75.jpg', "broken.jpg", "clip-0.50.mp4");
      const { out } = await cli([folder.path, "--format", "csv"]);
      const [title, first, second, third, rest] = out.split("\r\n");
      expect(title).to.equal(
        "path,type,score,preset,p_positive,p_neutral,p_negative,answer_mass,trusted,whole,crops,width,height,frames,partial,error_code,error_message",
      );
      expect(first).to.equal(
        `"${folder.path}/a, ""b""-0.75.jpg",image,0.75,qboost,0.75,0,0.25,0.9,true,0.75,,640,480,,,,`,
      );
      expect(second).to.equal(
        `${folder.file("broken.jpg")},error,,,,,,,,,,,,,,ERR_IMAGE_DECODE,Expected a picture but received something else.`,
      );
      expect(third).to.equal(
        `${folder.file("clip-0.50.mp4")},video,0.5,qboost,0.5,0,0.5,0.9,true,,,640,480,3,,,`,
      );
      expect(rest).to.equal("");
    });

    it("has what a picture scored as a whole, and its crops on average", async () => {
      const format = await createFormat("csv", {
        ...{ presets: [{ image: "qboost", video: "qboost", tones: [] }], paths: [], videos: false },
        ...{ shown: scaleFormat("unit"), style: styleFor(new FakeStream()) },
        ...{ columns: () => undefined, summary: () => "" },
      });
      const scored = { score: 0.4, tones: [], answerMass: 1, trusted: true };
      const crop = { left: 0, top: 0, width: 512, height: 512, ...scored, answers: [] };
      const views = {
        treatment: { name: "detail", crops: 2, side: 512, whole: 0.2 } as const,
        whole: { ...scored, score: 0.75 },
        crops: [
          { ...crop, score: 0.5 },
          { ...crop, score: 0.25 },
        ],
      };
      const input = { path: "a.jpg", width: 1024, height: 512, treatment: [] };
      const row = format.results([{ type: "image", input, scale: "unit", ...scored, answers: [], views }]);
      expect(row).to.equal("a.jpg,image,0.4,,1,true,0.75,0.375,1024,512,,,,\r\n");
    });

    it("has the columns of both presets, whatever comes first", async () => {
      await using folder = await folderWith("0.75.jpg");
      const { out } = await cli([folder.path, "-f", "csv", "--preset", "qboost", "--video-preset", "qalign"]);
      expect(out).to.match(
        /^path,type,score,preset,p_positive,p_neutral,p_negative,p_excellent,p_good,p_fair,p_poor,p_bad,answer_mass/,
      );
    });
  });
});
