import {
  finite,
  kind,
  flag,
  listOf,
  oneOf,
  optional,
  record,
  shape,
  text,
  whole,
} from "../util/arguments.js";

/** What the public functions of this folder are given, as far as programs without types may get it wrong. */

const row = shape("a row", { path: text, mos: finite, group: optional(text) });

export const dataset = shape("a dataset as loadDataset gives it", {
  ...{ path: text, layout: text, dmos: flag, rows: listOf(row), missing: whole(0, Number.MAX_SAFE_INTEGER) },
});

const scores = kind<ReadonlyMap<string, number>>(
  "a Map",
  (value) => value instanceof Map && [...value.values()].every(finite.fits),
);

export const systems = listOf(
  shape("a system with a name and a Map from path to score", { name: text, scores, scale: optional(text) }),
);

export const bootstrap = shape("resamples and a seed, whole numbers", {
  resamples: whole(0, 1e6),
  seed: whole(0, 2 ** 31 - 1),
});

export const stored = shape("logits as readLogits gives them", {
  path: text,
  results: listOf(shape("a result", { type: text, input: record })),
  header: optional(shape("a header", { presets: record })),
});

const preset = shape("a preset", {
  name: text,
  questions: listOf(shape("a question", { question: text })),
  tones: listOf(record),
});

export const presetPair = shape("two presets, image and video", { image: preset, video: preset });

export const result = shape("a result", { type: oneOf(["image", "video", "error"]), input: record });

const identity = shape("a name and a hash", { name: text });

export const header = shape("the header of a run", {
  presets: shape("presets", { image: identity, video: identity }),
  model: identity,
  mmproj: identity,
});

export const calibration = shape("a calibration as readCalibration gives it", {
  ...{ type: oneOf(["calibration"]), map: record, model: identity, mmproj: identity, preset: identity },
});
