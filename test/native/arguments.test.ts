import { expect } from "chai";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { addonModule } from "./addonModule.js";
import { MAX_THREADS } from "../../src/native/threads.js";
import { filesOf } from "./support.js";

const prelude = `
  import { nativeAddon } from ${JSON.stringify(addonModule())};
  import { readFileSync } from "node:fs";
  const addon = nativeAddon();
  const load = (files) => addon.loadModel({ ...files, gpuLayers: 0 }, () => {});
  const options = { threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 };
  const rgb = new Uint8Array(8 * 8 * 3);
  const codeOf = async (call) => {
    try { await call(); return "none"; } catch (error) { return error.code ?? error.constructor.name; }
  };
  const memory = async () => {
    for (let i = 0; i < 5; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
    return Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  };
  const smolvlm = ${JSON.stringify(filesOf("smolvlm"))};
  const qwen = ${JSON.stringify(filesOf("qwen2.5-vl"))};
  const narrow = ${JSON.stringify({ ...filesOf("smolvlm"), mmproj: filesOf("narrow").mmproj })};`;

/** What a script prints as JSON, in a process of its own; its signal where it was ended. */
async function resultOf(script: string): Promise<unknown> {
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "--eval", prelude + script], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "", GGML_NO_BACKTRACE: "1", MALLOC_ARENA_MAX: "1" },
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => {
    child.on("close", (_, signal) => {
      resolve(signal ?? JSON.parse(output));
    });
  });
}

describe("the addon", () => {
  it("refuses what it would read as another thing than it is", async () => {
    const outcomes = await resultOf(`
      const model = await load(smolvlm);
      const other = await load(qwen);
      const session = await model.createSession(options);
      const picture = await session.encode(rgb, 8, 8);
      const foreign = await (await other.createSession(options)).encode(rgb, 8, 8);
      const some = Int32Array.of(1, 2);
      const score = (prefix, tokens = some, targets = some, abort) => session.score(prefix, [{ tokens, targets }], abort);
      const gone = new Uint8Array(8 * 8 * 3);
      structuredClone(gone.buffer, { transfer: [gone.buffer] });
      const calls = {
        foreignAbort: () => session.encode(rgb, 8, 8, picture),
        plainAbort: () => session.encode(rgb, 8, 8, {}),
        nullAbort: () => session.encode(rgb, 8, 8, null),
        fewPixels: () => session.encode(rgb, 9, 8),
        noPixels: () => session.encode(gone, 8, 8),
        floats: () => session.encode(new Float32Array(8 * 8 * 3), 8, 8),
        hugeSize: () => session.encode(rgb, 2 ** 31, 2 ** 31),
        foreignPicture: () => score([foreign]),
        abortAsPicture: () => score([new addon.AbortSwitch()]),
        objectAsPicture: () => score([{}]),
        bytesAsTokens: () => score([Uint8Array.of(1, 2, 3)]),
        tokensOutside: () => score([picture], Int32Array.of(2 ** 30)),
        negativeTokens: () => score([Int32Array.of(-1), picture]),
        targetsOutside: () => score([picture], some, Int32Array.of(2 ** 30)),
        noTokens: () => score([picture], new Int32Array()),
        noThreads: () => model.createSession({ ...options, threads: 0 }),
        manyThreads: () => model.createSession({ ...options, threads: ${MAX_THREADS + 1} }),
        selfMade: () => new session.constructor().encode(rgb, 8, 8),
        selfMadeModel: () => new model.constructor().tokenize([], false),
        selfMadePicture: () => score([new picture.constructor()]),
        wrongThis: () => session.encode.call(model, rgb, 8, 8),
        disposedPicture: () => { picture.dispose(); picture.dispose(); return score([picture]); },
        closed: async () => { await session.close(); return session.encode(rgb, 8, 8); },
        closedTwice: () => session.close(),
        disposedModel: () => { model.dispose(); model.dispose(); return model.tokenize([], false); },
      };
      const codes = {};
      for (const [name, call] of Object.entries(calls)) codes[name] = await codeOf(call);
      console.log(JSON.stringify(codes));`);
    const wrong = "ERR_INVALID_ARGUMENT";
    const disposed = "ERR_DISPOSED";
    expect(outcomes).to.deep.equal({
      ...Object.fromEntries(
        [
          ["foreignAbort", "plainAbort", "nullAbort", "fewPixels", "noPixels", "floats", "hugeSize"],
          ["foreignPicture", "abortAsPicture", "objectAsPicture", "bytesAsTokens", "tokensOutside"],
          ["negativeTokens", "targetsOutside", "noTokens", "noThreads", "manyThreads", "selfMadePicture"],
        ].flatMap((names) => names.map((name) => [name, wrong])),
      ),
      selfMade: disposed,
      selfMadeModel: disposed,
      wrongThis: "TypeError",
      disposedPicture: disposed,
      closed: disposed,
      closedTwice: disposed,
      disposedModel: disposed,
    });
  });

  if (process.platform !== "linux") return;

  it("gives back what a failed or closed session took", async () => {
    const grown = (await resultOf(`
      const rounds = {
        mismatch: async () => {
          const model = await load(narrow);
          await codeOf(() => model.createSession(options));
          model.dispose();
        },
        foreign: async () => codeOf(() => load({ ...smolvlm, model: smolvlm.mmproj })),
        closed: async () => {
          const model = await load(smolvlm);
          const session = await model.createSession(options);
          (await session.encode(rgb, 8, 8)).dispose();
          await session.close();
          model.dispose();
        },
      };
      const grown = {};
      for (const [name, round] of Object.entries(rounds)) {
        for (let i = 0; i < 30; i++) await round();
        const before = await memory();
        for (let i = 0; i < 60; i++) await round();
        grown[name] = ((await memory()) - before) / 60;
      }
      console.log(JSON.stringify(grown));`)) as Record<string, number>;
    for (const [name, megabytes] of Object.entries(grown)) expect(megabytes, name).to.be.below(1);
  });
});
