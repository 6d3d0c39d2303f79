import { expect } from "chai";
import { fileURLToPath } from "node:url";
import * as api from "../src/index.js";
import { filesOf } from "./native/support.js";

const photo = fileURLToPath(new URL("../examples/rider.jpg", import.meta.url));

/** What a program without types may pass where something else is meant. */
const strange: readonly (readonly [what: string, value: unknown])[] = [
  ["null", null],
  ["a number", 5],
  ["NaN", NaN],
  ["a text", "abc"],
  ["an empty text", ""],
  ["a text with NUL", "a\0b"],
  ["true", true],
  ["a bigint", 5n],
  ["a symbol", Symbol("x")],
  ["an object", {}],
  ["an object without prototype", Object.create(null)],
  ["a list", [1, "2", null]],
  ["a list of nothing", [undefined]],
  ["a function", () => 1],
  ["bytes", new Uint8Array(3)],
  ["a promise", Promise.resolve(1)],
  ["a misspelled option", { sginal: 1 }],
  [
    "options of the wrong kind",
    { signal: {}, model: 5, preset: 5, fps: "x", folder: 5, pooling: 5, name: 5 },
  ],
  ["an AbortController for a signal", { signal: new AbortController() }],
];

type Call = (value: never) => unknown;

const { scoreLogits, poolFrames, evaluate } = api;
const qboost = await api.loadPreset("qboost");
const reading: api.LogitReading = { logits: [[1, 2, 3]], logSumExp: [4] };
const frame = { ...scoreLogits(qboost, reading), time: 0 };
const rows = [1, 2, 3].map((mos) => ({ path: `${mos}.jpg`, mos }));
const dataset: api.Dataset = { path: "list.csv", layout: "table", dmos: false, rows, missing: 0 };
const system: api.System = { name: "one", scores: new Map(rows.map(({ path, mos }) => [path, mos / 4])) };
const stored: api.StoredLogits = { path: "x.ndjson", results: [] };
const pair = { image: qboost, video: qboost };

/** Every public function, once for each of its arguments. */
const calls: Readonly<Record<string, Call>> = {
  "createScorer(options)": (options) => api.createScorer(options),
  "findInputs(patterns)": (patterns) => drain(api.findInputs(patterns)),
  "findInputs(, options)": (options) => drain(api.findInputs([photo], options)),
  "loadPreset(choice)": (choice) => api.loadPreset(choice),
  "parsePreset(data)": (data) => api.parsePreset(data),
  "parsePooling(text)": (text) => api.parsePooling(text),
  "scoreLogits(rule)": (rule) => scoreLogits(rule, reading),
  "scoreLogits(, reading)": (value) => scoreLogits(qboost, value),
  "scoreLogits(,, threshold)": (threshold) => scoreLogits(qboost, reading, threshold),
  "poolFrames(rule)": (rule) => poolFrames(rule, [frame]),
  "poolFrames(, frames)": (frames) => poolFrames(qboost, frames),
  "poolFrames(,, pooling)": (pooling) => poolFrames(qboost, [frame], pooling),
  "poolFrames(,,, threshold)": (threshold) => poolFrames(qboost, [frame], undefined, threshold),
  "srcc(scores)": (scores) => api.srcc(scores, [1, 2, 3]),
  "plcc(, mos)": (mos) => api.plcc([1, 2, 3], mos),
  "krcc(, mos)": (mos) => api.krcc([1, 2, 3], mos),
  "fitCurves(scores)": (scores) => api.fitCurves(scores, [1, 2, 3]),
  "fitCurves(, mos)": (mos) => api.fitCurves([1, 2, 3], mos),
  "curveValue(curve)": (curve) => api.curveValue(curve, 0.5),
  "curveValue(, score)": (score) => api.curveValue({ name: "logistic4", parameters: [1, 0, 0.5, 1] }, score),
  "loadDataset(path)": (path) => api.loadDataset(path),
  "loadDataset(, options)": (options) => api.loadDataset("absent.csv", options),
  "evaluate(dataset)": (value) => evaluate(value, [system]),
  "evaluate(, systems)": (systems) => evaluate(dataset, systems),
  "evaluate(,, bootstrap)": (bootstrap) => evaluate(dataset, [system], bootstrap),
  "readLogits(path)": (path) => api.readLogits(path),
  "rescore(stored)": (value) => api.rescore(value, pair),
  "rescore(, presets)": (value) => api.rescore(stored, value),
  "rescore(,, pooling)": (pooling) => api.rescore(stored, pair, pooling),
  "readCalibration(path)": (path) => api.readCalibration(path),
  "calibrateResult(result)": (result) => api.calibrateResult(result, {} as never, {} as never),
};

async function drain(results: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const shownOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? "") : String(error));

/** It may be taken for what it is, or refused with a code. */
async function expectAnswer(call: Call, value: unknown, what: string): Promise<void> {
  try {
    await call(value as never);
  } catch (error) {
    expect(error instanceof api.TonescoreError, `${what}: ${shownOf(error)}`).to.equal(true);
    expect(error, what)
      .to.have.property("code")
      .that.matches(/^ERR_(?!UNEXPECTED)/);
  }
}

describe("the public functions", () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`${name} takes a wrong value or refuses it with a code`, async () => {
      for (const [what, value] of strange) await expectAnswer(call, value, what);
    });
  }
});

describe("a scorer", () => {
  let scorer: api.Scorer;
  before(async () => {
    scorer = await api.createScorer({ ...filesOf("smolvlm"), threads: 1 });
  });
  after(() => scorer.close());

  const methods: Readonly<Record<string, Call>> = {
    "scoreImage(source)": (source) => scorer.scoreImage(source),
    "scoreImage(, options)": (options) => scorer.scoreImage(photo, options),
    "scoreImages(sources)": (sources) => drain(scorer.scoreImages(sources)),
    "scoreImages(, options)": (options) => drain(scorer.scoreImages([], options)),
    "scoreVideo(source)": (source) => scorer.scoreVideo(source),
    "scoreVideo(, options)": (options) => scorer.scoreVideo("absent.mp4", options),
    "scoreAll(inputs)": (inputs) => drain(scorer.scoreAll(inputs)),
    "scoreAll(, options)": (options) => drain(scorer.scoreAll([], options)),
    "scoreAllByPreset(inputs)": (inputs) => drain(scorer.scoreAllByPreset(inputs)),
  };
  for (const [name, call] of Object.entries(methods)) {
    it(`${name} takes a wrong value or refuses it with a code`, async () => {
      for (const [what, value] of strange) await expectAnswer(call, value, what);
    });
  }

  it("names the option that is wrong", async () => {
    const wrong: readonly (readonly [options: object, name: string])[] = [
      [{ sginal: 1 }, 'no option "sginal" (did you mean "signal"?)'],
      [{ signal: {} }, "an AbortSignal for signal"],
      [{ signal: new AbortController() }, "an AbortSignal for signal"],
      [{ signal: { aborted: false } }, "an AbortSignal for signal"],
    ];
    for (const [options, part] of wrong) {
      for (const pending of [
        scorer.scoreImage(photo, options),
        scorer.scoreVideo("clip.mp4", options),
        drain(scorer.scoreImages([photo], options)),
        drain(scorer.scoreAll([photo], options)),
        api.createScorer(options),
      ]) {
        const error: unknown = await pending.catch((reason: unknown) => reason);
        expect(error).to.have.property("code", "ERR_INVALID_ARGUMENT");
        expect(error).to.have.property("message").that.includes(part);
      }
    }
  });

  it("takes a URL, a Blob, an ArrayBuffer and paths for what they are", async () => {
    const bytes = await import("node:fs/promises").then(({ readFile }) => readFile(photo));
    const whole = await scorer.scoreImage(bytes);
    const copy = Uint8Array.from(bytes).buffer;
    for (const source of [new URL(`file://${photo}`), new Blob([bytes]), copy]) {
      expect((await scorer.scoreImage(source)).answers).to.deep.equal(whole.answers);
    }
    const [byPath] = await drain(scorer.scoreAll([photo]));
    expect(byPath).to.deep.include({ type: "image", answers: whole.answers });
    const kinds = (
      await drain(scorer.scoreAll(["absent.jpg", new URL("https://example.org/a.jpg"), 5 as never]))
    ).map((result) => (result as api.ErrorResult).error.code);
    expect(kinds).to.deep.equal(["ERR_INPUT_NOT_FOUND", "ERR_INVALID_ARGUMENT", "ERR_INVALID_ARGUMENT"]);
  });
});
