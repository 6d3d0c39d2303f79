import { expect } from "chai";
import { buildSync } from "esbuild";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type Asked,
  type EncodedPicture,
  type Engine,
  type EngineSession,
  PicturesLost,
  type Pixels,
} from "../../../src/native/engine.js";
import { openInProcess } from "../../../src/native/inProcess.js";
import { openIsolated } from "../../../src/native/isolated/isolatedEngine.js";
import { filesOf, usual } from "../support.js";
import { ABORT, HANG, KILL } from "./orders.js";

const root = new URL("../../../", import.meta.url);
const program = new URL("build/crashingEngine.js", root);
const options = { ...filesOf("smolvlm"), gpu: "off", memory: usual, timeLimit: 60 } as const;
const settings = { threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 };

/** As deep in the repository as src/, from which a program finds the addon. */
function buildProgram(): void {
  buildSync({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ["test/native/isolated/crashingEngine.ts"],
    outdir: "build",
    bundle: true,
    format: "esm",
    platform: "node",
  });
}

const picture = (first: number): Pixels => {
  const data = Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * 7) % 256);
  data[0] = first;
  return { data, width: 64, height: 48 };
};

async function asking(engine: Engine): Promise<Asked[]> {
  const tokens = await engine.tokenize([{ text: "The quality is", special: true }], false);
  return [
    { before: await engine.tokenize([], true), continuations: [{ tokens, targets: Int32Array.of(5, 6) }] },
  ];
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "none",
    (error: unknown) => (error as { code?: unknown }).code,
  );

/** Runs with an engine and a session of it, and closes both. */
async function withSession(
  engine: Engine,
  use: (session: EngineSession, asked: Asked[]) => Promise<void>,
): Promise<void> {
  const session = await engine.openSession(settings);
  try {
    await use(session, await asking(engine));
  } finally {
    await session.close();
    await engine.close();
  }
}

const children = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter((pid) => pid !== "")
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("crashingEngine"));

describe("an engine in a process of its own", function () {
  before(buildProgram);

  it("asks about several pictures together, the same bits in either process", async () => {
    const readings: unknown[] = [];
    for (const engine of [await openInProcess(options), await openIsolated(options, program)]) {
      await withSession(engine, async (session, [asked]) => {
        if (!asked) return;
        const pictures: EncodedPicture[] = [];
        for (const first of [200, 100, 0]) pictures.push(await session.encode(picture(first)));
        const together = await session.readTogether(pictures, asked);
        expect(await session.readTogether([...pictures].reverse(), asked)).to.not.deep.equal(together);
        expect(await session.readTogether(pictures, asked)).to.deep.equal(together);
        const [alone] = await session.read(picture(200), [asked]);
        expect(await session.readTogether(pictures.slice(0, 1), asked)).to.deep.equal(alone);
        readings.push([pictures.map(({ tokens }) => tokens), together]);
        for (const one of pictures) one.release();
      });
    }
    expect(readings[1]).to.deep.equal(readings[0]);
  });

  it("tells of pictures that went with their process", async () => {
    await withSession(await openIsolated(options, program), async (session, [asked]) => {
      if (!asked) return;
      const before = await session.encode(picture(0));
      expect(await codeOf(session.read(picture(ABORT), [asked]))).to.equal("ERR_ENGINE_CRASHED");
      const lost = await session.readTogether([before], asked).catch((error: unknown) => error);
      expect(lost).to.be.instanceOf(PicturesLost);
      before.release();
      const after = await session.encode(picture(0));
      expect(await session.readTogether([after], asked)).to.deep.equal(
        (await session.read(picture(0), [asked]))[0],
      );
    });
  });

  it("reads the same bits as one in this process", async () => {
    const readings: unknown[] = [];
    for (const engine of [await openInProcess(options), await openIsolated(options, program)]) {
      await withSession(engine, async (session, asked) => {
        readings.push([engine.info, await session.read(picture(0), asked)]);
      });
    }
    expect(readings[1]).to.deep.equal(readings[0]);
  });

  it("is started again after a crash, which is the error of the picture that it comes back with", async () => {
    await withSession(await openIsolated(options, program), async (session, asked) => {
      const [sound] = await session.read(picture(0), asked);
      const outcomes = await Promise.allSettled(
        [0, ABORT, 0, KILL, 0].map((first) => session.read(picture(first), asked)),
      );
      expect(outcomes.map(({ status }) => status)).to.deep.equal([
        ...["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"],
      ]);
      for (const outcome of outcomes) {
        if (outcome.status === "fulfilled") expect(outcome.value).to.deep.equal([sound]);
        else expect(outcome.reason).to.have.property("code", "ERR_ENGINE_CRASHED");
      }
      const [, aborted, , killed] = outcomes as PromiseRejectedResult[];
      expect(String(aborted?.reason)).to.match(/crashed twice.*SIGABRT: ggml\.c:1: assert\(order\) failed/);
      expect(String(killed?.reason)).to.include("SIGKILL");
    });
  });

  it("lets go of pixels that can be made again, and has them made again after a crash", async () => {
    await withSession(await openIsolated(options, program), async (session, asked) => {
      const sound = await session.read(picture(0), asked);
      const given = picture(0);
      const calls: string[] = [];
      const crashing = codeOf(session.read(picture(KILL), asked));
      const read = await session.read(given, asked, {
        onTaken: () => {
          given.data.fill(HANG);
          calls.push("taken");
        },
        again: () => {
          calls.push("again");
          return Promise.resolve(picture(0));
        },
      });
      expect(read).to.deep.equal(sound);
      expect(calls.slice(0, 2)).to.deep.equal(["taken", "again"]);
      expect(await crashing).to.equal("ERR_ENGINE_CRASHED");
    });
  });

  it("ends what gives no sign of life, and goes on", async () => {
    await withSession(await openIsolated({ ...options, timeLimit: 2 }, program), async (session, asked) => {
      expect(await codeOf(session.read(picture(HANG), asked))).to.equal("ERR_ENGINE_CRASHED");
      expect(await session.read(picture(0), asked)).to.have.length(1);
    });
  });

  it("gives up what is aborted before it has begun", async () => {
    await withSession(await openIsolated(options, program), async (session, asked) => {
      const controller = new AbortController();
      const first = session.read(picture(0), asked);
      const second = session.read(picture(0), asked, { signal: controller.signal });
      controller.abort();
      expect(await codeOf(second)).to.equal("ERR_ABORTED");
      expect(await first).to.have.length(1);
    });
  });

  it("says what is wrong with a model as the engine in this process does", async () => {
    const wrong = { ...options, model: fileURLToPath(import.meta.url) };
    expect(await codeOf(openIsolated(wrong, program))).to.equal(await codeOf(openInProcess(wrong)));
    const none = new URL("build/nothing.js", root);
    expect(await codeOf(openIsolated(options, none))).to.equal("ERR_ENGINE_CRASHED");
  });

  it("leaves no process behind, closed or killed", async () => {
    await withSession(await openIsolated(options, program), async (session, asked) => {
      expect(children()).to.have.length(1);
      await session.read(picture(0), asked);
    });
    expect(children()).to.deep.equal([]);

    const script = `
      const { createScorer } = await import(${JSON.stringify(new URL("dist/index.js", root).href)});
      await createScorer({ isolate: true });
      const { readFileSync } = await import("node:fs");
      console.log(readFileSync("/proc/self/task/" + process.pid + "/children", "utf8"));
      if (process.argv[1] === "stay") setInterval(() => {}, 1000);`;
    for (const how of ["stay", "leave"]) {
      const host = spawn(process.execPath, ["--input-type=module", "--eval", script, how]);
      const [line] = (await once(host.stdout)).split("\n");
      if (how === "stay") host.kill("SIGKILL");
      await new Promise((resolve) => host.once("close", resolve));
      for (let tries = 0; isAlive(Number(line)) && tries < 100; tries++) await delay(50);
      expect(isAlive(Number(line))).to.equal(false);
    }
  });
});

const once = (stream: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve) =>
    stream.once("data", (data: Buffer) => {
      resolve(data.toString());
    }),
  );

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
