import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { copyFile, readdir, readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { RunHeader, VideoResult } from "../../src/results/result.js";
import { folderWith, resultsOf, type Folder } from "./fakes.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const model = `${root}test/fixtures/models/smolvlm.gguf`;
const picture = `${root}test/fixtures/pictures/small.png`;

function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...argv], { cwd: root });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function end(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("Expected a child with pipes");
  const exit = once(child, "exit") as Promise<[number | null]>;
  const [[code], out, err] = await Promise.all([exit, text(stdout), text(stderr)]);
  return { code, out, err };
}

const tonescore = (...argv: string[]): Promise<Ended> => end(start(...argv));

async function folderOfPictures(count: number): Promise<Folder> {
  const folder = await folderWith();
  for (let index = 0; index < count; index++) await copyFile(picture, folder.file(`${100 + index}.png`));
  return folder;
}

/** Waits until the file has so many lines; the run is in full swing then. */
async function linesIn(file: string, count: number): Promise<void> {
  for (;;) {
    const content = await readFile(file, "utf8").catch(() => "");
    if (content.split("\n").length > count) return;
    await delay(5);
  }
}

/** Processes of the model that a run has. */
const enginesOf = ({ pid = 0 }: ChildProcess): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((id) => id !== "" && readFileSync(`/proc/${id}/cmdline`, "utf8").includes("engineProgram"))
    .map(Number);

describe("cli: end to end", () => {
  it("scores a picture and a video with a real model", async () => {
    const { code, out, err } = await tonescore(picture, "examples/clip.mp4", "--model", model, "-f", "json");
    expect(err).to.include("2 scored: mean 0.");
    expect(code).to.equal(0);
    const { header, results } = JSON.parse(out) as { header: RunHeader; results: VideoResult[] };
    expect(header.model.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(results.map((result) => result.type)).to.deep.equal(["image", "video"]);
    for (const { score, tones } of results) {
      expect(score).to.be.within(0, 1);
      expect(tones.reduce((sum, tone) => sum + tone.probability, 0)).to.be.closeTo(1, 1e-9);
    }
    expect(results[1]?.frames.length).to.be.above(1);
  });

  it("takes a video on standard input", async () => {
    const child = start("-", "--model", model, "-f", "csv");
    child.stdin?.end(await readFile(`${root}examples/clip.mp4`));
    const { code, out } = await end(child);
    expect(code).to.equal(0);
    expect(out).to.match(/\r\n-,video,0\.\d+,/);
  });

  it("takes a picture on standard input, and scores it as the file", async () => {
    const child = start("-", "--model", model, "-f", "csv");
    child.stdin?.end(await readFile(picture));
    const [piped, named] = [await end(child), await tonescore(picture, "--model", model, "-f", "csv")];
    expect(piped.code).to.equal(0);
    expect(piped.out.replace("\n-,", `\n${picture},`)).to.equal(named.out);
  });

  it("exits with 3 where there is no model", async () => {
    const { code, err } = await tonescore(picture, "--model", "none.gguf");
    expect(code).to.equal(3);
    expect(err).to.match(/^tonescore: .*none\.gguf.*\(ERR_MODEL_NOT_FOUND\)\n$/);
  });

  it("helps and complains without loading the addon or sharp", async () => {
    for (const argv of [["--help"], ["--fps", "fast"], ["presets"]]) {
      const script = `
        import { processIo } from "./src/cli/terminal/io.ts";
        import { run } from "./src/cli/run.ts";
        await run(${JSON.stringify(argv)}, processIo());
        const { sharedObjects } = process.report.getReport();
        console.log("\\nLOADED", sharedObjects.filter((path) => /tonescore\\.node|sharp|vips/.test(path)).length);`;
      const flags = ["--import", "tsx", "--input-type=module", "-e", script];
      const { out } = await end(spawn(process.execPath, flags, { cwd: root }));
      expect(out).to.match(/\nLOADED 0\n$/);
    }
  });

  it("goes on after Ctrl-C and after a kill, with nothing repeated and nothing lost", async () => {
    await using folder = await folderOfPictures(40);
    const file = `${folder.path}/out.ndjson`;
    const argv = [folder.path, "--model", model, "-o", file, "--resume"];
    for (const [signal, exit, lines] of [
      ["SIGINT", 130, 3],
      ["SIGKILL", null, 8],
      ["SIGINT", 130, 12],
    ] as const) {
      const child = start(...argv);
      const ended = end(child);
      await linesIn(file, lines);
      child.kill(signal);
      const { code, err } = await ended;
      expect(code, err).to.equal(exit);
    }
    const { code, err } = await tonescore(...argv);
    expect(code).to.equal(0);
    expect(err).to.match(/40 scored: .*; \d+ of them by an earlier run\n/);
    const paths = resultsOf(await readFile(file, "utf8")).map((result) => result.input.path);
    expect(paths).to.deep.equal(Array.from({ length: 40 }, (_, index) => folder.file(`${100 + index}.png`)));
  });

  it("loses nothing where the model's process crashes", async () => {
    await using folder = await folderOfPictures(40);
    const file = `${folder.path}/out.ndjson`;
    const child = start(folder.path, "--model", model, "-o", file);
    const ended = end(child);
    await linesIn(file, 3);
    const crashed = enginesOf(child);
    for (const pid of crashed) process.kill(pid, "SIGSEGV");
    const { code, err } = await ended;
    expect(crashed).to.have.length(1);
    expect(code, err).to.equal(0);
    const results = resultsOf(await readFile(file, "utf8"));
    expect(results.map(({ type }) => type)).to.deep.equal(Array.from({ length: 40 }, () => "image"));
  });

  it("leaves whole JSON and nothing else when it is killed or its terminal is closed", async () => {
    await using folder = await folderOfPictures(40);
    await using elsewhere = await folderWith();
    for (const [signal, exit] of [
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const) {
      const child = start(folder.path, "--model", model, "-o", elsewhere.file(`${signal}.json`));
      const ended = end(child);
      await linesIn(elsewhere.file(`${signal}.json.partial`), 3);
      child.kill(signal);
      const { code, err } = await ended;
      expect(code, err).to.equal(exit);
      const { results } = JSON.parse(await readFile(elsewhere.file(`${signal}.json`), "utf8")) as {
        results: unknown[];
      };
      expect(results.length).to.be.within(2, 39);
    }
    expect(await readdir(elsewhere.path)).to.deep.equal(["SIGHUP.json", "SIGTERM.json"]);
  });

  it("ends quietly when its reader does", async () => {
    await using folder = await folderOfPictures(20);
    const child = start(folder.path, "--model", model);
    child.stdout?.once("data", () => child.stdout?.destroy());
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).to.equal(0);
    expect(child.stderr?.read()).to.equal(null);
  });
});
