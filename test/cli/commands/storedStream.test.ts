import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readLogits } from "../../../src/evaluate/storedLogits.js";
import type { Evaluation } from "../../../src/results/evaluation.js";
import type {
  FrameResult,
  RunHeader,
  RunningScore,
  StreamFrame,
  VideoResult,
} from "../../../src/results/result.js";
import { cli, folderWith } from "../fakes.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

type Line = RunHeader | StreamFrame | RunningScore | VideoResult;

/** What a stream of four frames leaves, with a running score for each two of them. */
function streamLines(): string[] {
  const source = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=5", "-t", "4", "-c:v", "mpeg2video"];
  const feed = spawnSync("ffmpeg", [...source, "-f", "mpegts", "-"]).stdout;
  const program = ["--import", "tsx", "src/cli/main.ts", "-", "--running", "2", "-q"];
  const { stdout } = spawnSync(process.execPath, program, { cwd: root, input: feed });
  return stdout.toString().trimEnd().split("\n");
}

describe("cli: what a stream left", () => {
  let lines: readonly string[] = [];

  before(() => {
    lines = streamLines();
    const types = lines.map((line) => (JSON.parse(line) as Line).type);
    expect(types).to.include.members(["header", "frame", "running", "video"]);
  });

  it("makes a page, and is compared", async () => {
    await using folder = await folderWith();
    const [a, b, page] = ["a.ndjson", "b.ndjson", "page.html"].map((name) => folder.file(name));
    for (const file of [a ?? "", b ?? ""]) await writeFile(file, `${lines.join("\n")}\n`);
    const made = await cli(["report", a ?? "", "-o", page ?? ""]);
    expect(made.code, made.err).to.equal(0);
    const html = await readFile(page ?? "", "utf8");
    expect(html).to.include("4 frames of 64×48").and.include("the last 2 are shown");
    expect(html).not.to.include("(used)");
    const compared = await cli(["compare", a ?? "", b ?? ""]);
    expect(compared.code, compared.err).to.equal(0);
    // A run that was killed leaves frames and no result.
    const killed = lines.filter((line) => !line.startsWith('{"type":"video"'));
    await writeFile(a ?? "", `${killed.join("\n")}\n`);
    expect((await cli(["report", a ?? "", "-o", page ?? ""])).code).to.equal(0);
  });

  it("is evaluated and calibrated from its logits, where all frames are there", async () => {
    await using folder = await folderWith();
    const [file, list] = [folder.file("a.ndjson"), folder.file("list.csv")];
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    await writeFile(file, ndjson(numbers.flatMap((number) => renamed(lines, number))));
    for (const number of numbers) await writeFile(folder.file(`${number}.ts`), String(number));
    await writeFile(list, `path,mos\n${numbers.map((number) => `${number}.ts,${number}`).join("\n")}\n`);
    const { results } = await readLogits(file);
    expect(results.map(({ type }) => type)).to.deep.equal(numbers.map(() => "video"));
    const { code, out, err } = await cli(["evaluate", list, "--from-logits", file, "-f", "json"]);
    expect(code, err).to.equal(0);
    const { evaluations } = JSON.parse(out) as Evaluation;
    expect(evaluations[0]?.overall.metrics?.srcc.value).to.be.closeTo(1, 1e-12);
    const fitted = folder.file("c.json");
    const calibrated = await cli(["calibrate", list, "--from-logits", file, "-o", fitted]);
    expect(calibrated.code, calibrated.err).to.equal(0);
  });

  it("is gone on with", async () => {
    await using folder = await folderWith("0.50.jpg");
    await using elsewhere = await folderWith();
    const argv = [folder.path, "-o", elsewhere.file("a.ndjson"), "--resume"];
    await cli(argv);
    const [header = "", ...others] = (await readFile(elsewhere.file("a.ndjson"), "utf8")).split("\n");
    const text = [header, ...lines.slice(1), ...others].join("\n");
    await writeFile(elsewhere.file("a.ndjson"), text);
    const { code, scorer, err } = await cli(argv);
    expect([code, scorer?.drawn], err).to.deep.equal([0, []]);
    expect(await readFile(elsewhere.file("a.ndjson"), "utf8")).to.equal(text);
  });
});

const ndjson = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** The lines of another stream, which is the better the higher its number. */
function renamed(lines: readonly string[], number: number): unknown[] {
  const better = <T extends FrameResult>(frame: T): T => ({
    ...frame,
    answers: frame.answers.map((answer) => ({
      ...answer,
      words: answer.words.map((word) => ({
        ...word,
        logit: word.logit + (word.tone === "positive" ? number / 4 : 0),
      })),
    })),
  });
  return lines.map((line) => {
    const value = JSON.parse(line) as Line;
    if (value.type === "header") return value;
    const input = { ...value.input, path: `${number}.ts` };
    if (value.type !== "video") return { ...value, input };
    return { ...value, input, framesLeftOut: undefined, frames: value.frames.map(better) };
  });
}
