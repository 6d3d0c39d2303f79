import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { RunHeader, RunningScore, StreamFrame, VideoResult } from "../../../src/results/result.js";
import { cli, folderWith } from "../fakes.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

type Line = RunHeader | StreamFrame | RunningScore | VideoResult;

const parse = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

/** A feed as a camera gives it, in real time, and the program that reads it. */
class Feed implements Disposable {
  readonly #camera: ChildProcess;
  readonly #reader: ChildProcess;
  out = "";
  err = "";

  constructor(argv: readonly string[], camera: readonly string[] = ["-re"]) {
    const source = [...camera, "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10"];
    const encoded = ["-loglevel", "error", ...source, "-g", "10", "-c:v", "mpeg2video", "-f", "mpegts", "-"];
    this.#camera = spawn("ffmpeg", encoded, {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const program = ["--import", "tsx", "src/cli/main.ts", "-", ...argv];
    this.#reader = spawn(process.execPath, program, { cwd: root });
    const { stdin, stdout, stderr } = this.#reader;
    stdin?.on("error", () => undefined);
    if (stdin) this.#camera.stdout?.pipe(stdin);
    stdout?.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    stderr?.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
  }

  /** Waits until something was written that matches. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.out)) await once(this.#reader.stdout ?? this.#reader, "data");
  }

  /** Closes what reads the results. */
  leave(): void {
    this.#reader.stdout?.destroy();
  }

  stop(signal: NodeJS.Signals): void {
    this.#reader.kill(signal);
  }

  async end(): Promise<number | null> {
    const [code] = (await once(this.#reader, "close")) as [number | null];
    return code;
  }

  [Symbol.dispose](): void {
    this.#camera.kill("SIGKILL");
    this.#reader.kill("SIGKILL");
  }
}

describe("cli: a feed without end", () => {
  for (const [signal, exit] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`gives its frames as they are scored, and on ${signal} what was seen`, async () => {
      using feed = new Feed(["--fps", "5"]);
      await feed.shows(/("type":"frame"[^]*){3}/);
      feed.stop(signal);
      expect(await feed.end(), feed.err).to.equal(exit);
      const lines = parse(feed.out);
      const frames = lines.filter((line) => line.type === "frame");
      const result = lines.at(-1) as VideoResult;
      expect(result).to.include({ type: "video", partial: true });
      expect(result.warnings.at(-1)).to.match(
        /^the stream was stopped; the score is of the frames until then/,
      );
      expect(result.frames.map(({ time }) => time)).to.deep.equal(frames.map(({ time }) => time));
      expect(frames[0]).to.include({ preset: "qboost-ensemble", scale: "unit" });
      expect(frames[0]?.input).to.include({ path: "-", width: 64, height: 48 });
      const { time, score, answers } = frames[0] ?? {};
      expect(result.frames[0]).to.deep.include({ time, score, answers });
    });
  }

  it("gives a score for each part of so many seconds, and lets the part's frames go", async () => {
    using feed = new Feed(["--fps", "5", "--running", "1", "-p", "qboost", "-p", "qalign"], []);
    await feed.shows(/("type":"running"[^]*){6}/);
    feed.stop("SIGINT");
    expect(await feed.end(), feed.err).to.equal(130);
    const lines = parse(feed.out);
    const running = lines.filter((line) => line.type === "running");
    expect(running.slice(0, 4).map(({ preset, from, frames }) => [preset, from, frames])).to.deep.equal([
      ["qboost", 0, 5],
      ["qalign", 0, 5],
      ["qboost", 1, 5],
      ["qalign", 1, 5],
    ]);
    const results = lines.filter((line) => line.type === "video");
    expect(results.map(({ preset }) => preset)).to.deep.equal(["qboost", "qalign"]);
    const seen = lines.filter((line) => line.type === "frame" && line.preset === "qboost").length;
    const { frames = [], framesLeftOut = 0 } = results[0] ?? {};
    expect(frames.length).to.be.at.most(5);
    expect(frames.length + framesLeftOut).to.equal(seen);
  });

  it("ends quietly when its reader does", async () => {
    using feed = new Feed(["--fps", "5"]);
    await feed.shows(/"type":"frame"/);
    feed.leave();
    expect([await feed.end(), feed.err]).to.deep.equal([0, ""]);
  });

  it("that is truncated gives what was seen in part, and exits with 1", () => {
    const whole = spawnSync("ffmpeg", [
      ...["-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=4"],
      ...["-c:v", "mpeg4", "-f", "matroska", "-live", "1", "-"],
    ]).stdout;
    const program = ["--import", "tsx", "src/cli/main.ts", "-", "--fps", "5"];
    const input = Buffer.concat([whole.subarray(0, whole.length * 0.6), Buffer.alloc(4000, 0x5a)]);
    const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: root, input });
    const result = parse(stdout.toString()).at(-1) as VideoResult;
    expect(result, stderr.toString()).to.include({ type: "video", partial: true });
    expect(result.frames.length).to.be.within(5, 15);
    expect(stderr.toString()).to.include("standard input: ");
    expect(status).to.equal(1);
  });

  it("is needed for running scores in a format that has a place for them", async () => {
    await using folder = await folderWith("0.50.jpg");
    const { code, err } = await cli([folder.path, "--running", "5", "-f", "csv"]);
    expect(code).to.equal(2);
    expect(err).to.include('Expected --format ndjson or table for --running but received "csv"');
  });
});
