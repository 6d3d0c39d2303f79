import { expect } from "chai";
import { nativeAddon } from "../../src/native/load.js";
import type { NativeModel, NativeSession } from "../../src/native/addon.js";
import { continuation, families, filesOf, loadFamily, openSession, testPicture } from "./support.js";

const sizes = [
  [64, 64],
  [300, 40],
  [40, 300],
  [331, 257],
] as const;
const questions: readonly [string, ...string[]] = [
  "\nRate the quality of the image. The quality of the image is",
  "\nRate the sharpness of the image. The sharpness of the image is",
  "\nIs it good? It is",
];

const rejection = async (promise: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  promise.then(
    () => expect.fail("expected a rejection"),
    (error: unknown) => error as { code?: string; message: string },
  );

for (const family of families) {
  describe(`native session with ${family}`, () => {
    let model: NativeModel;
    let session: NativeSession;
    before(async () => {
      model = await loadFamily(family);
      session = await openSession(model);
    });
    after(() => session.close());

    it("scores pictures of all shapes, each differently", async () => {
      const prefix = model.tokenize([{ text: "USER: ", special: true }], true);
      const seen = new Set<string>();
      for (const [width, height] of sizes) {
        const picture = await session.encode(testPicture(width, height), width, height);
        const { logits, logSumExp } = await session.score(
          [prefix, picture],
          [continuation(model, questions[0])],
        );
        expect([...(logits[0] ?? [])].every(Number.isFinite)).to.equal(true);
        expect(logSumExp[0]).to.be.greaterThan(Math.max(...(logits[0] ?? [])));
        seen.add(String(logits[0]));
      }
      expect(seen.size).to.equal(sizes.length);
    });

    it("gives the same bits alone, beside other questions, after other pictures, and in a fresh session", async () => {
      const prefix = model.tokenize([{ text: "USER: ", special: true }], true);
      const picture = await session.encode(testPicture(96, 96), 96, 96);
      const all = questions.map((question) => continuation(model, question));
      const together = await session.score([prefix, picture], all);
      const large = await session.encode(testPicture(640, 480, 7), 640, 480);
      await session.score([prefix, large], all.slice(0, 1));
      const fresh = await openSession(model);
      const encodedAgain = await fresh.encode(testPicture(96, 96), 96, 96);
      for (const [index, one] of all.entries()) {
        const alone = await session.score([prefix, picture], [one]);
        const elsewhere = await fresh.score([prefix, encodedAgain], [one]);
        expect([...(alone.logits[0] ?? [])]).to.deep.equal([...(together.logits[index] ?? [])]);
        expect([...(elsewhere.logits[0] ?? [])]).to.deep.equal([...(together.logits[index] ?? [])]);
      }
      await fresh.close();
    });

    it("gives the same bits after prompts of any length, for which it takes more memory", async () => {
      const prefix = model.tokenize([{ text: "USER: ", special: true }], true);
      const picture = await session.encode(testPicture(64, 64), 64, 64);
      const long = continuation(model, questions[0].repeat(50));
      const asked = [continuation(model, questions[0]), long];
      expect(long.tokens.length).to.be.greaterThan(600);
      const grown = await openSession(model);
      const alone = [];
      for (const each of asked) alone.push((await grown.score([prefix, picture], [each])).logits[0]);
      const { logits } = await grown.score([prefix, picture], asked);
      await grown.close();
      expect(logits).to.deep.equal(alone);
    });

    it("tells when a picture's pixels may go, and reads none of them after", async () => {
      const pixels = testPicture(331, 257);
      const whole = await session.encode(pixels.slice(), 331, 257);
      let taken = 0;
      const encoding = session.encode(pixels, 331, 257, undefined, () => {
        pixels.fill(0);
        taken++;
      });
      const picture = await encoding;
      expect(taken).to.equal(1);
      const asked = [continuation(model, questions[0])];
      const expected = await session.score([whole], asked);
      expect(await session.score([picture], asked)).to.deep.equal(expected);
    });

    it("gives the same bits on one thread and on two", async () => {
      const two = await openSession(model, { threads: 2 });
      const rgb = testPicture(200, 150, 3);
      const all = questions.map((question) => continuation(model, question));
      const rows = [];
      for (const one of [session, two]) {
        const { logits, logSumExp } = await one.score([await one.encode(rgb, 200, 150)], all);
        rows.push([...logits.map((row) => [...row]), [...logSumExp]]);
      }
      expect(rows[1]).to.deep.equal(rows[0]);
      await two.close();
    });

    it("gives the same bits with little memory, one picture after another", async () => {
      const small = await nativeAddon().loadModel(
        { ...filesOf(family), gpuLayers: 0, lowMemory: true },
        () => undefined,
      );
      const little = await openSession(small);
      const asked = questions.map((question) => continuation(model, question));
      for (const seed of [1, 2]) {
        const rgb = testPicture(300, 200, seed);
        const both = [];
        for (const one of [session, little])
          both.push(await one.score([await one.encode(rgb, 300, 200)], asked));
        expect(both[1]).to.deep.equal(both[0]);
      }
      await little.close();
      small.dispose();
    });

    it("takes a picture of one pixel, and very thin ones, or refuses them with an error", async () => {
      for (const [width, height] of [
        [1, 1],
        [2000, 1],
        [1, 2000],
      ] as const) {
        const outcome = await session
          .encode(testPicture(width, height), width, height)
          .catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).to.have.property("code", "ERR_INFERENCE");
        else expect(outcome).to.have.property("tokens").that.is.greaterThan(0);
      }
    });

    it("says how many tokens are missing where the context is capped", async () => {
      const small = await openSession(model, { maxContext: 8 });
      const picture = await small.encode(testPicture(64, 64), 64, 64);
      const error = await rejection(small.score([picture], [continuation(model, questions[0])]));
      expect(error.code).to.equal("ERR_CONTEXT_SIZE");
      expect(error.message).to.match(/take \d+ tokens, but the context was limited to 8/);
      await small.close();
    });

    it("stops at an abort and scores on afterwards", async () => {
      const abort = new (nativeAddon().AbortSwitch)();
      const pending = rejection(session.encode(testPicture(1600, 1200), 1600, 1200, abort));
      abort.abort();
      expect((await pending).code).to.equal("ERR_ABORTED");
      const picture = await session.encode(testPicture(64, 64), 64, 64);
      expect(picture.tokens).to.be.greaterThan(0);
    });
  });
}
