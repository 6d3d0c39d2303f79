import { expect } from "chai";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { examples } from "../../bench/paths.js";

const edge = join(examples, "edge");
const cli = join(examples, "..", "dist", "cli", "main.js");

describe("examples/edge", () => {
  let folder: string;
  let watching: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-edge-"));
  });

  afterEach(async () => {
    watching?.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  it("watch.mjs scores what is there, and then what comes, until it is stopped", async () => {
    const [pictures, scores] = [join(folder, "pictures"), join(folder, "scores.ndjson")];
    await mkdir(pictures);
    await copyFile(join(examples, "rider.jpg"), join(pictures, "first.jpg"));
    const options = ["--output", scores, "--resume", "--no-isolate", "--quiet"];
    watching = spawn(process.execPath, [join(edge, "watch.mjs"), pictures, ...options], { stdio: "inherit" });
    const scored = async (name: string): Promise<void> => {
      for (let tries = 0; tries < 400; tries++) {
        const text = await readFile(scores, "utf8").catch(() => "");
        if (text.split("\n").some((line) => line.includes(name) && line.includes('"score"'))) return;
        await sleep(50);
      }
      throw new Error(`${name} was not scored`);
    };
    await scored("first.jpg");
    await copyFile(join(examples, "burger.jpg"), join(pictures, "second.jpg"));
    await scored("second.jpg");
    watching.kill("SIGTERM");
    const [code] = (await once(watching, "exit")) as [number | null];
    expect(code).to.equal(0);
  });

  it("watch.mjs ends where trying again would not help", async () => {
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(edge, "watch.mjs"), ...args]);
    const codeOf = (failed: unknown): unknown => (failed as { code: unknown }).code;
    expect(await run(folder).catch(codeOf)).to.equal(2);
    const options = ["--output", join(folder, "scores.ndjson"), "--resume", "--threads", "0"];
    expect(await run(folder, ...options).catch(codeOf)).to.equal(2);
  });

  if (process.platform !== "win32")
    it("camera.sh scores what ffmpeg brings, part by part", async () => {
      await symlink(cli, join(folder, "tonescore"));
      const input = ["-stream_loop", "2", "-i", join(examples, "clip.mp4")];
      const PATH = `${folder}:${process.env.PATH ?? ""}`;
      const { stdout } = await promisify(execFile)(join(edge, "camera.sh"), input, {
        env: { ...process.env, PATH },
      });
      const types = stdout.split("\n").map((line) => /^{"type":"(\w+)"/.exec(line)?.[1]);
      expect(types.filter((type) => type === "frame")).to.have.length(12);
      expect(types.filter((type) => type === "running")).to.have.length(1);
      expect(types).to.include("video");
    });
});
