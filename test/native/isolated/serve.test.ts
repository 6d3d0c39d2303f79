import { expect } from "chai";
import { EventEmitter } from "node:events";
import { TonescoreError } from "../../../src/errors.js";
import type { NativeModelInfo } from "../../../src/native/addon.js";
import type { Engine } from "../../../src/native/engine.js";
import { Connection } from "../../../src/native/isolated/connection.js";
import type { Channel } from "../../../src/native/isolated/frames.js";
import type { HeldPicture } from "../../../src/native/isolated/messages.js";
import { serve } from "../../../src/native/isolated/serve.js";
import { usual } from "../support.js";
import { messageOf } from "../../../src/util/messageOf.js";
import { startUtility, type UtilityProcess } from "../../../src/native/isolated/utilityChild.js";

const info = { name: "made up" } as NativeModelInfo;

const released: unknown[] = [];

/** Reads the first sample as a logit; its other calls do as little. */
const engine: Engine = {
  info,
  ...{ llamaCpp: "v1", backend: "none", onGpu: false, warnings: ["no GPU"], slowStart: undefined },
  tokenize: (segments) => Promise.resolve(Int32Array.from(segments, ({ text }) => text.length)),
  openSession: () =>
    Promise.resolve({
      read: ({ data }, asked) => {
        if (data[0] === 0) throw new TonescoreError("ERR_INFERENCE", "nothing to see");
        return Promise.resolve(
          asked.map(() => ({ logits: [Float32Array.of(data[0] ?? NaN)], logSumExp: Float32Array.of(2) })),
        );
      },
      encode: ({ data: [first = NaN] }) =>
        Promise.resolve({ tokens: first, release: () => released.push(first) }),
      readTogether: (pictures) =>
        Promise.resolve({
          logits: [Float32Array.from(pictures, ({ tokens }) => tokens)],
          logSumExp: Float32Array.of(2),
        }),
      close: () => Promise.resolve(),
    }),
  close: () => Promise.resolve(),
};

/** Two ends of a way for bytes. */
function channelPair(): [Channel, Channel] {
  const [there, back] = [new EventEmitter(), new EventEmitter()];
  const end = (out: EventEmitter, into: EventEmitter): Channel => ({
    write: (bytes) => void setImmediate(() => out.emit("bytes", bytes)),
    onBytes: (listener) => void into.on("bytes", listener),
  });
  return [end(there, back), end(back, there)];
}

function connect(): Connection {
  const [host, own] = channelPair();
  serve(own, (options) => {
    options.onLoad?.(0.5);
    return Promise.resolve(engine);
  });
  const ended = new Promise<string>(() => undefined);
  return new Connection({ channel: host, ended, keepAlive: () => undefined, kill: () => undefined }, 60_000);
}

const open = { ask: "open", model: "a.gguf", mmproj: "b.gguf", gpu: "off", memory: usual } as const;
const asked = [{ before: [1], continuations: [{ tokens: [2], targets: [3] }] }] as const;

describe("the engine's process", () => {
  it("answers what it is asked, each by its number", async () => {
    const connection = connect();
    const fractions: number[] = [];
    const { value } = await connection.ask(open, { onLoad: (fraction) => fractions.push(fraction) });
    const facts = { info, llamaCpp: "v1", backend: "none", onGpu: false, warnings: ["no GPU"] };
    expect(value).to.deep.equal(facts);
    expect(fractions).to.deep.equal([0.5]);
    const segments = [{ text: "abc", special: false }];
    const { body } = await connection.ask({ ask: "tokenize", segments, addBos: false });
    expect([...new Int32Array(body.buffer)]).to.deep.equal([3]);
    const { value: session } = await connection.ask({
      ask: "openSession",
      options: { threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 },
    });
    const read = { ask: "read", session: session as number, width: 1, height: 1, asked } as const;
    const readings = await Promise.all(
      [7, 8].map((first) => connection.ask(read, { body: Uint8Array.of(first, 0, 0) })),
    );
    expect(readings.map((each) => [...new Float32Array(each.body.buffer)])).to.deep.equal([
      [7, 2],
      [8, 2],
    ]);
    const failure = connection.ask(read, { body: Uint8Array.of(0, 0, 0) });
    expect(await failure.catch((error: unknown) => error)).to.include({
      ...{ code: "ERR_INFERENCE", message: "nothing to see" },
    });
    await connection.ask({ ask: "closeSession", session: session as number });
  });

  it("holds pictures that are asked about together, and lets them go", async () => {
    const connection = connect();
    await connection.ask(open);
    const options = { threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 };
    const session = (await connection.ask({ ask: "openSession", options })).value as number;
    const encode = { ask: "encode", session, width: 1, height: 1 } as const;
    const held: number[] = [];
    for (const first of [65, 66]) {
      const { value } = await connection.ask(encode, { body: Uint8Array.of(first, 0, 0) });
      expect(value).to.include({ tokens: first });
      held.push((value as HeldPicture).picture);
    }
    const [one] = asked;
    const together = { ask: "readTogether", session, pictures: held.reverse(), asked: one } as const;
    const { body } = await connection.ask(together);
    expect([...new Float32Array(body.buffer)]).to.deep.equal([66, 65, 2]);
    await connection.ask({ ask: "release", picture: held[0] ?? NaN });
    expect(released).to.deep.equal([66]);
    expect(await connection.ask(together).catch(messageOf)).to.include(`there is no picture ${held[0]}`);
  });

  it("refuses what cannot be asked", async () => {
    const connection = connect();
    const close = connection.ask({ ask: "closeSession", session: 5 });
    expect(await close.catch(messageOf)).to.include("there is no session 5");
    const early = connection.ask({ ask: "tokenize", segments: [], addBos: true });
    expect(await early.catch(messageOf)).to.include("no model is loaded");
  });
});

describe("Electron's utility process", () => {
  it("takes the place of one of Node's", async () => {
    const sent: unknown[] = [];
    const child = Object.assign(new EventEmitter(), {
      ...{ pid: undefined, stderr: null },
      postMessage: (message: unknown) => void sent.push(message),
    });
    const calls: unknown[] = [];
    const utility: UtilityProcess = {
      fork: (...call) => {
        calls.push(call.slice(0, 2));
        return child;
      },
    };
    const started = startUtility(utility, new URL("file:///app/engine.js"));
    expect(calls).to.deep.equal([["/app/engine.js", []]]);
    const heard: unknown[] = [];
    started.channel.onBytes((bytes) => heard.push(bytes));
    started.channel.write(Uint8Array.of(1));
    child.emit("message", Uint8Array.of(2));
    expect([sent, heard]).to.deep.equal([[Uint8Array.of(1)], [Uint8Array.of(2)]]);
    started.keepAlive(true);
    started.kill(); // which waits until there is a process
    expect(child.listenerCount("spawn")).to.equal(1);
    child.emit("exit", 5);
    expect(await started.ended).to.equal("exit code 5");
  });
});
