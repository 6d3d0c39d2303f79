import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { withLock } from "../../src/hub/lock.js";
import { failureOf } from "./hubServer.js";

const rhythm = { beat: 20, patience: 150 };

describe("withLock", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-lock-"));
    path = join(folder, "deeper", "x.lock");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lets one in at a time, whatever becomes of each, and leaves nothing", async () => {
    let inside = 0;
    const body = async (): Promise<void> => {
      expect(++inside).to.equal(1);
      await pause(200); // longer than patience with one that gives no sign of life
      inside--;
      throw new Error("mine");
    };
    const all = await Promise.all([1, 2, 3].map(() => failureOf(withLock(path, body, { rhythm }))));
    expect(all.map(({ message }) => message)).to.deep.equal(["mine", "mine", "mine"]);
    expect(await readdir(join(folder, "deeper"))).to.deep.equal([]);
  });

  it("takes it from a process that has ended", async () => {
    await withLock(path, () => Promise.resolve());
    await writeFile(path, "left behind");
    let waits = 0;
    const onWait = (): number => ++waits;
    expect(await withLock(path, () => Promise.resolve("done"), { rhythm, onWait })).to.equal("done");
    expect(waits).to.equal(1);
    expect(existsSync(path)).to.equal(false);
  });

  it("takes it at once from a process of this machine that has ended", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await withLock(path, () => Promise.resolve());
    await writeFile(path, `${pid} some-id ${hostname()}`);
    expect(await withLock(path, () => Promise.resolve("done"))).to.equal("done");
    await writeFile(path, `${process.pid} some-id ${hostname()}`); // and from one that lives, not before it stands still
    const started = performance.now();
    await withLock(path, () => Promise.resolve(), { rhythm });
    expect(performance.now() - started).to.be.at.least(rhythm.patience);
  });

  it("stops waiting when it is asked to", async () => {
    const controller = new AbortController();
    const held = withLock(path, () => pause(400), { rhythm });
    await pause(30);
    const waiting = failureOf(withLock(path, () => Promise.resolve(), { rhythm, signal: controller.signal }));
    controller.abort();
    expect((await waiting).code).to.equal("ERR_ABORTED");
    expect(existsSync(path)).to.equal(true);
    await held;
  });
});
