import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { TonescoreError } from "../../../src/errors.js";
import type { NativeModel } from "../../../src/native/addon.js";
import { nativeAddon } from "../../../src/native/load.js";
import { addonModule } from "../../native/addonModule.js";
import { openSession } from "../../native/support.js";
import { small } from "./checkpoint.js";
import { Pairs, type Weights } from "./pairs.js";
import {
  cases,
  distance,
  encodeNamed,
  loadPair,
  partsOf,
  promptOf,
  read,
  readAll,
  type Reading,
  readPair,
  record,
  recorded,
} from "./readings.js";

const largest = (ours: readonly Reading[], theirs: readonly Reading[]): number =>
  Math.max(
    ...ours.map((reading, i) => distance(reading, theirs[i] ?? { logits: reading.logits, logSumExp: NaN })),
  );

describe("mPLUG-Owl2", () => {
  let pairs: Pairs;
  before(async () => {
    pairs = await Pairs.make();
  });
  after(() => pairs[Symbol.asyncDispose]());

  /** Opens a pair for the time of a test. */
  const using = async <Result>(
    weights: Weights,
    test: (model: NativeModel) => Promise<Result>,
  ): Promise<Result> => {
    const model = await loadPair(await pairs.files(weights));
    try {
      return await test(model);
    } finally {
      model.dispose();
    }
  };

  it("has the record's tokens around its pictures", () =>
    using("F16", (model) => {
      for (const prompt of Object.values(record.prompts)) {
        const { prefix, last } = partsOf(model, prompt, []);
        expect([...prefix, last].map((tokens) => [...(tokens as Int32Array)])).to.deep.equal(prompt.tokens);
      }
      return Promise.resolve();
    }));

  it("answers as in PyTorch, with weights of f32 and of f16", async () => {
    expect(cases).to.have.length(9);
    expect(largest(await readPair(await pairs.wide("F16")), cases.map(recorded))).to.be.below(1e-3);
    expect(largest(await readPair(await pairs.files("F16")), cases.map(recorded))).to.be.below(2e-2);
  });

  for (const weights of ["Q8_0", "Q4_0"] as const) {
    it(`answers in ${weights} as with the same numbers in f32, also where pictures have weights of another type`, async () => {
      const [small, half] = [await pairs.files(weights), await pairs.files("F16")];
      const [wideSmall, wideHalf] = [await pairs.wide(weights), await pairs.wide("F16")];
      for (const [[text, wideText], [picture, widePicture]] of [
        [
          [small, wideSmall],
          [small, wideSmall],
        ],
        [
          [small, wideSmall],
          [half, wideHalf],
        ],
        [
          [half, wideHalf],
          [small, wideSmall],
        ],
      ] as const) {
        const ours = await readPair({ model: text.model, mmproj: picture.mmproj });
        const exact = await readPair({ model: wideText.model, mmproj: widePicture.mmproj });
        expect(largest(ours, exact)).to.be.below(0.15);
      }
    });

    it(`answers in ${weights} as with the same numbers in f32, also in the order of the file`, async () => {
      const ours = await readPair(await pairs.files(weights), true);
      expect(largest(ours, await readPair(await pairs.wide(weights)))).to.be.below(0.15);
    });

    it(`has the same bits in ${weights} in any order, with any number of threads and beside other sessions`, () =>
      using(weights, async (model) => {
        const sessions = await Promise.all([1, 1, 2].map((threads) => openSession(model, { threads })));
        const backwards = [...cases].reverse();
        const [one, two, three] = await Promise.all(
          sessions.map((session, i) => readAll(model, session, i === 1 ? backwards : cases)),
        );
        expect(two?.reverse()).to.deep.equal(one);
        expect(three).to.deep.equal(one);
        await Promise.all(sessions.map((session) => session.close()));
      }));
  }

  it("has the same bits after text and pictures were broken off, with the others' weights in place", () =>
    using("F16", async (model) => {
      const session = await openSession(model);
      const picture = await encodeNamed(session, "exact-112x112");
      const prompt = promptOf("qalign");
      const first = await read(model, session, prompt, [picture]);
      for (const text of [prompt, { ...prompt, text: `Other text. ${prompt.text}` }]) {
        const abort = new (nativeAddon().AbortSwitch)();
        abort.abort();
        // The text before the picture is there the first time, so that the picture's graph is the one that ends.
        const error = await read(model, session, text, [picture], abort).catch((reason: unknown) => reason);
        expect((error as TonescoreError).code).to.equal("ERR_ABORTED");
        expect(await read(model, session, prompt, [picture])).to.deep.equal(first);
      }
      await session.close();
    }));

  it("begins with a picture, and is asked without one", () =>
    using("F16", async (model) => {
      const session = await openSession(model);
      const picture = await encodeNamed(session, "exact-112x112");
      const last = { tokens: Int32Array.of(450, 11029), targets: Int32Array.of(1781) };
      const both = async (): Promise<unknown[]> => [
        await session.score([picture], [last]),
        await session.score([], [last]),
      ];
      const [seen, unseen] = await both();
      expect(seen).to.not.deep.equal(unseen);
      expect(await both()).to.deep.equal([seen, unseen]);
      await session.close();
    }));

  it("has the same bits in worker threads that load it side by side", async () => {
    const files = await pairs.files("Q4_0");
    const [before = [], after = []] = promptOf("qinstruct").tokens;
    const work = `
      import { parentPort } from "node:worker_threads";
      import { nativeAddon } from ${JSON.stringify(addonModule())};
      const model = await nativeAddon().loadModel({ ...${JSON.stringify(files)}, gpuLayers: 0 }, () => {});
      const session = await model.createSession({ threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 });
      const picture = await session.encode(new Uint8Array(112 * 112 * 3).map((_, i) => i % 251), 112, 112);
      const last = { tokens: Int32Array.of(${after.join()}), targets: Int32Array.of(1781, 6460) };
      const { logits } = await session.score([Int32Array.of(${before.join()}), picture], [last]);
      parentPort.postMessage(logits[0]);`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(work)}`);
    const answers = [1, 2].map(async () => {
      const [logits] = (await once(new Worker(url), "message")) as [Float32Array];
      return [...logits];
    });
    const [one = [], two] = await Promise.all(answers);
    expect(one.every(Number.isFinite)).to.equal(true);
    expect(two).to.deep.equal(one);
  });

  it("sees what the reference sees, but for the order of sums", async () => {
    if (process.platform !== "linux") return; // where encoder_profile finds its libraries
    const { model, mmproj } = await pairs.wide("F16");
    const build = fileURLToPath(new URL("../../../build/", import.meta.url));
    const output = join(pairs.folder, "embeddings.f32");
    execFileSync("cmake", ["--build", join(build, "cmake"), "--target", "encoder_profile"], {
      stdio: "ignore",
    });
    const profile = join(build, "cmake", "encoder_profile");
    execFileSync(profile, [join(build, "Release"), model, mmproj, "1", "112", "112", output], {
      stdio: "ignore",
    });
    const bytes = await readFile(output);
    const { embeddings, embeddingStep } = record;
    expect(bytes.length).to.equal(4 * small.width * embeddings.length);
    const distances = embeddings.flatMap((row, token) =>
      row.map((value, i) =>
        Math.abs(value - bytes.readFloatLE(4 * (token * small.width + embeddingStep * i))),
      ),
    );
    expect(Math.max(...distances)).to.be.below(3e-4);
  });
});
