import { expect } from "chai";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { addonModule } from "./addonModule.js";
import { filesOf } from "./support.js";

/** What every script begins with: `load`, which gives a session, and `pixels`. */
const prelude = `
  import { parentPort, Worker } from "node:worker_threads";
  import { nativeAddon } from ${JSON.stringify(addonModule())};
  const addon = nativeAddon();
  const pixels = new Uint8Array(600 * 400 * 3).fill(90);
  const load = async () => {
    const model = await addon.loadModel({ ...${JSON.stringify(filesOf("smolvlm"))}, gpuLayers: 0 }, () => {});
    return model.createSession({ threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 });
  };`;

/** Besides, `inWorker` runs code in a worker thread, to its first message or until it is terminated. */
const withWorkers = `
  const inWorker = (code, terminateAfter) => new Promise((resolve, reject) => {
    const source = ${JSON.stringify(prelude)} + code;
    const thread = new Worker(new URL("data:text/javascript," + encodeURIComponent(source)));
    thread.on("message", resolve);
    thread.on("error", reject);
    if (terminateAfter !== undefined) setTimeout(() => thread.terminate().then(resolve), terminateAfter);
  });`;

/** Runs a script in a Node process of its own. */
async function runScript(
  script: string,
): Promise<{ code: number | null; signal: string | null; output: string }> {
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "--eval", prelude + script], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal, output });
    });
  });
}

describe("native lifetimes", () => {
  it("lets the process end while a session is open and idle", async () => {
    const { code, output } = await runScript("await load(); console.log('ready');");
    expect(output).to.equal("ready\n");
    expect(code).to.equal(0);
  });

  for (const delay of [0, 5, 10, 20, 40]) {
    it(`lets the process exit in the middle of work, after ${String(delay)} ms`, async () => {
      const { code, signal, output } = await runScript(`
        const session = await load();
        for (let i = 0; i < 5; i++) session.encode(pixels, 600, 400).catch(() => {});
        setTimeout(() => process.exit(7), ${String(delay)});`);
      expect({ code, signal, output }).to.deep.equal({ code: 7, signal: null, output: "" });
    });
  }

  it("lets the process exit while a worker thread works", async () => {
    const work =
      "const session = await load(); for (;;) { const p = session.encode(pixels, 600, 400); parentPort.postMessage(1); await p; }";
    const { code, signal, output } = await runScript(`${withWorkers}
      await inWorker(${JSON.stringify(work)});
      process.exit(7);`);
    expect({ code, signal, output }).to.deep.equal({ code: 7, signal: null, output: "" });
  });

  it("lets the process die of an uncaught error in the middle of work", async () => {
    const { code, signal } = await runScript(`
      const session = await load();
      session.encode(pixels, 600, 400).catch(() => {});
      setTimeout(() => { throw new Error("uncaught"); }, 10);`);
    expect({ code, signal }).to.deep.equal({ code: 1, signal: null });
  });

  it("survives handles that are dropped and collected in the middle of work", async () => {
    const { code, output } = await runScript(`
      let pending = [];
      for (let i = 0; i < 5; i++) {
        let session = await load();
        pending.push(session.encode(pixels, 600, 400).then((picture) => picture.tokens));
        session = undefined;
        gc();
      }
      const tokens = await Promise.all(pending);
      gc();
      console.log(new Set(tokens).size);`);
    expect(output).to.equal("1\n");
    expect(code).to.equal(0);
  });

  it("works in several worker threads at once", async () => {
    const { code, output } = await runScript(`${withWorkers}
      const work = "const session = await load(); const p = await session.encode(pixels, 600, 400); parentPort.postMessage(p.tokens); await session.close();";
      const results = await Promise.all([inWorker(work), inWorker(work), (async () => (await (await load()).encode(pixels, 600, 400)).tokens)()]);
      console.log(new Set(results).size);`);
    expect(output).to.equal("1\n");
    expect(code).to.equal(0);
  });

  it("survives worker threads that are terminated in the middle of work", async () => {
    const { code, signal, output } = await runScript(`${withWorkers}
      const endless = "const session = await load(); for (;;) await session.encode(pixels, 600, 400);";
      for (const delay of [100, 200, 400]) await Promise.all([0, 1, 2].map((i) => inWorker(endless, delay + 20 * i)));
      const session = await load();
      console.log((await session.encode(pixels, 600, 400)).tokens > 0);`);
    expect({ code, signal, output }).to.deep.equal({ code: 0, signal: null, output: "true\n" });
  });
});
