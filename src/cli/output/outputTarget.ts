import { access, constants, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { expected } from "../../util/expected.js";
import type { TonescoreError } from "../../errors.js";
import { isRefusedPicture, kindOfExtension } from "../../media/inputs/extensions.js";
import { extensionOf } from "../../media/formats.js";
import { STDIN } from "../../media/inputs/input.js";
import { outputError } from "../../util/outputError.js";
import { isSameFile, type Place, placeOf } from "./outputPlace.js";
import { type Content, endingsOf } from "./format.js";
import { contentNames, isOwn } from "./ownFiles.js";
import { mapInTurn } from "../../util/mapInTurn.js";

/** A file that the user wants written. */
export interface Target {
  readonly path: string;
  /** That names it, such as `-o`. */
  readonly option: string;
  readonly content: Content;
  /** Whether `--format` says what the ending otherwise must. */
  readonly formatGiven?: boolean;
  /** Whether what is there is gone on with, which looks at it by itself. */
  readonly resume?: boolean;
}

/** What a run reads; with a size where it was looked at before. */
export type ReadFile = string | { readonly path: string; readonly size?: number };

interface Placed {
  readonly target: Target;
  readonly place: Place;
}

const MODELS: ReadonlySet<string> = new Set(["gguf", "ggml", "safetensors", "onnx", "pt", "pth", "ckpt"]);

const wrong = ({ content, option, path }: Target, problem: string, remedy: string): TonescoreError =>
  expected(`a file to write ${contentNames[content]} to`, {
    for: option,
    but: `received ${path}, ${problem}`,
    remedy,
  });

/**
 * Refuses to write over what is the user's, before anything is opened: a name that is not one of a result, an input by
 * whatever name, one file for two outputs, or a file that holds something else than what this program wrote there.
 * @param sources all that the run reads, as far as it is known by now.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`, or `ERR_OUTPUT` where nothing can be written
 */
export async function checkTargets(targets: readonly Target[], sources: Iterable<ReadFile>): Promise<void> {
  const placed = await mapInTurn(targets, async (target) => ({ target, place: await placeOf(target.path) }));
  for (const { target, place } of placed) {
    await checkWritable(target, place);
    if (!place.stream) checkName(target, place);
  }
  checkApart(placed);
  await checkNoSource(placed, sources);
  for (const { target, place } of placed) await checkContent(target, place);
}

/** Where only some outputs are wanted. */
export const wanted = (targets: readonly (Target | false)[]): Target[] =>
  targets.filter((target) => target !== false);

/** Windows leaves out dots and spaces at the end of a name. */
const endingOf = (path: string): string => extensionOf(path.replace(/[. ]+$/, ""));

function checkName(target: Target, { path, stats }: Place): void {
  const names = [target.path, path];
  const kind = names.map(kindOfName).find((found) => found !== undefined);
  const remedy = `A glob after ${target.option} gives it the first of its files; put the file to write right after ${target.option}.`;
  if (kind !== undefined) throw wrong(target, `whose name is that of ${kind}`, remedy);
  const known = endingsOf(target.content);
  const ending = endingOf(target.path);
  if (known.includes(ending)) return;
  const list = known.map((one) => `.${one}`).join(", ");
  if (target.formatGiven !== true) {
    const problem = ending === "" ? "which has no ending" : `and .${ending} names no format`;
    const also = target.formatGiven === undefined ? "" : ", or say the format with -f";
    throw wrong(target, problem, `Let it end in one of ${list}${also}.`);
  }
  if (stats === undefined || stats.size === 0n) return;
  throw wrong(
    target,
    "which is there already",
    `With -f and an ending that names no format (${list}), name a new file.`,
  );
}

function kindOfName(path: string): string | undefined {
  const name = path.replace(/[. ]+$/, "");
  const kind = kindOfExtension(name);
  if (kind === "video") return "a video";
  if (kind === "image" || isRefusedPicture(name)) return "a picture";
  return MODELS.has(endingOf(path)) ? "a model" : undefined;
}

async function checkWritable({ path }: Target, place: Place): Promise<void> {
  if (place.stream) return;
  if (place.stats?.isDirectory() === true || /[/\\]$/.test(path)) {
    throw outputError(path, Object.assign(new Error(), { code: "EISDIR" }));
  }
  try {
    const folder = dirname(place.path);
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    await access(place.stats ? place.path : folder, constants.W_OK);
  } catch (error) {
    throw outputError(path, error);
  }
}

/** File systems that take capitals for small letters would make one file of two names. */
const folded = (path: string): string => path.normalize("NFC").toLowerCase();

function checkApart(placed: readonly Placed[]): void {
  for (const [index, { target, place }] of placed.entries()) {
    const other = placed
      .slice(0, index)
      .find(
        (one) => folded(one.place.path) === folded(place.path) || isSameFile(one.place.stats, place.stats),
      );
    if (!other || (place.stream && other.place.stream)) continue;
    throw wrong(target, `which ${other.target.option} writes to as well`, "Name two files.");
  }
}

async function checkNoSource(placed: readonly Placed[], sources: Iterable<ReadFile>): Promise<void> {
  const there = placed.filter(({ place }) => place.stats?.isFile() === true);
  if (there.length === 0) return;
  for (const source of sources) {
    const { path, size } = typeof source === "string" ? { path: source } : source;
    // Of many inputs, only those of the same size need to be looked at again.
    const likely = there.filter(
      ({ place }) => path === STDIN || size === undefined || place.stats?.size === BigInt(size),
    );
    if (likely.length === 0) continue;
    const stats = await stat(path === STDIN ? "/dev/stdin" : path, { bigint: true }).catch(() => undefined);
    const same = likely.find(({ place }) => isSameFile(place.stats, stats));
    if (same) throw wrong(same.target, `which is read as ${path}`, "Name another file.");
  }
}

async function checkContent(target: Target, { path, stats, stream }: Place): Promise<void> {
  if (stream || target.resume === true || stats === undefined || stats.size === 0n) return;
  const file = await open(path).catch((error: unknown) => {
    throw outputError(target.path, error);
  });
  try {
    if (!(await isOwn(file, target.content))) throw foreign(target.path, target.content);
  } finally {
    await file.close();
  }
}

/** For a file that must stay as it is. */
export const foreign = (path: string, content: Content): TonescoreError =>
  expected(`a new file, or one that tonescore wrote ${contentNames[content]} to`, {
    but: `${path} holds something else, which stays as it is`,
    remedy: "Name another file, or remove that one first.",
  });
