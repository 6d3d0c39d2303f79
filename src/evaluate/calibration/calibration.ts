import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseJson } from "../../util/json.js";
import { check } from "../../results/schema.js";
import { messageOf } from "../../util/messageOf.js";
import { expected } from "../../util/expected.js";
import { checkArgument, path as pathKind } from "../../util/arguments.js";
import { composed } from "../../media/inputs/alike.js";
import { fsPath } from "../../media/inputs/fileNames.js";
import { readNamedText } from "../../util/namedFile.js";
import { mapOrdered } from "../../util/mapOrdered.js";
import { version } from "../../version.js";
import type { ScoreSource } from "./fits.js";
import type { Calibration } from "./document.js";
import { calibrationSchema } from "./schema.js";
import { crossValidate, fitMap, type RatedScore } from "./map.js";
import type { CalibrationMethod } from "./methods.js";

/** A calibration to a million files has some 8 MB. */
const MOST_BYTES = 64 * 2 ** 20;

const code = "ERR_CALIBRATION";

/**
 * Fits a calibration to rated scores, and measures it by cross-validation.
 * @param list the dataset's list, whose hash is kept.
 * @throws {TonescoreError} `ERR_CALIBRATION`
 */
export async function calibrate(
  rows: readonly RatedScore[],
  { model, mmproj, preset, views }: ScoreSource,
  dataset: { readonly path: string; readonly layout: string; readonly dmos: boolean },
  options: {
    readonly method: CalibrationMethod;
    readonly folds: number;
    readonly seed: number;
    /** What is said besides where there are too few rows. */
    readonly about?: string;
  },
): Promise<Calibration> {
  if (!model || !mmproj || !preset) {
    throw expected("a model and a preset", { code, for: "a calibration", but: "these logits name none" });
  }
  const mos = rows.map((row) => row.mos);
  const name = basename(dataset.path);
  const { method, folds, seed, about } = options;
  return {
    type: "calibration",
    version: 1,
    tonescore: version,
    scale: `MOS of ${dataset.layout === "table" ? name : dataset.layout}`,
    map: fitMap(method, rows, about) as Calibration["map"],
    lowest: mos.reduce((a, b) => Math.min(a, b)),
    highest: mos.reduce((a, b) => Math.max(a, b)),
    model: { name: model.name, sha256: model.sha256 },
    mmproj: { name: mmproj.name, sha256: mmproj.sha256 },
    preset: { name: preset.name, hash: preset.hash },
    ...(views && { views }),
    dataset: { name, layout: dataset.layout, sha256: await hashOf(dataset.path), dmos: dataset.dmos },
    crossValidation: crossValidate(method, rows, { folds, seed }),
    files: (await fileKeys(rows.map(({ path }) => path))).join(""),
  };
}

/** @throws {TonescoreError} `ERR_CALIBRATION` for what is no calibration */
export async function readCalibration(path: string): Promise<Calibration> {
  checkArgument("the calibration", path, pathKind);
  try {
    const value = parseJson(Buffer.from(await readNamedText(path, MOST_BYTES)));
    return check(calibrationSchema, value);
  } catch (cause) {
    throw expected(`a calibration in "${path}"`, {
      code,
      but: messageOf(cause),
      remedy: `Write one with tonescore calibrate DATASET -o ${path}.`,
      cause,
    });
  }
}

/** @throws {TonescoreError} `ERR_CALIBRATION` where a map would be measured on files that it was fitted to */
export async function checkUnseen(calibration: Calibration, paths: readonly string[]): Promise<void> {
  const fitted = new Set(calibration.files.match(/.{8}/g));
  const seen = (await fileKeys(paths)).filter((key) => fitted.has(key)).length;
  if (seen === 0) return;
  throw expected("files that the calibration was not fitted to, lest its numbers flatter it", {
    code,
    but: `${seen} of the ${paths.length} files are among those that it was fitted to`,
    remedy: "Evaluate it on others; what it is worth on its own, cross-validated, stands in its file.",
  });
}

const hashOf = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

const MOST_AT_ONCE = 32;

/** Names and sizes tell the files of a dataset apart, wherever it lies. */
async function fileKeys(paths: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of mapOrdered(paths, MOST_AT_ONCE, fileKey)) keys.push(key);
  return keys;
}

async function fileKey(path: string): Promise<string> {
  const size = await stat(fsPath(path)).then(
    (stats) => String(stats.size),
    () => "",
  );
  return createHash("sha256")
    .update(`${composed(basename(path))}\n${size}`)
    .digest("base64")
    .slice(0, 8);
}
