import type { Stats } from "node:fs";
import { resolve } from "node:path";
import { expected } from "../../util/expected.js";
import { throwIfAborted } from "../../util/abort.js";
import { callback, checkArgument, checkOptions, listOf, signal, text } from "../../util/arguments.js";
import { TonescoreError } from "../../errors.js";
import { mapOrdered } from "../../util/mapOrdered.js";
import { AlikeNames } from "./alike.js";
import { leftOutKind, type LeftOutKind } from "./extensions.js";
import { AT_ONCE, isMedia, toError, toInput } from "./fileInput.js";
import { type Glob, parseGlob } from "./glob.js";
import { type FailedInput, type Input, STDIN } from "./input.js";
import { LeftOut } from "./leftOut.js";
import { isUrl, statPath, urlError } from "./source.js";
import { walkFolder } from "./walk.js";

export interface FindOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each file that a folder or a glob has and that is no picture or video to score. */
  readonly onLeftOut?: ((path: string, kind: LeftOutKind) => void) | undefined;
}

async function* mediaAmong(
  files: AsyncIterable<string | FailedInput>,
  pattern: string,
  { signal, onLeftOut }: FindOptions,
): AsyncGenerator<Input> {
  const leftOut = new LeftOut();
  let empty = true;
  const looked = mapOrdered(files, AT_ONCE, async (file) =>
    typeof file === "string" && (await isMedia(file)) ? toInput(file) : file,
  );
  for await (const input of looked) {
    throwIfAborted(signal);
    if (typeof input !== "string") {
      empty = false;
      yield input;
      continue;
    }
    leftOut.add(input, leftOutKind(input));
    onLeftOut?.(input, leftOutKind(input));
  }
  if (!empty) return;
  const only = leftOut.toString();
  const error = expected(`pictures or videos in "${pattern}"`, {
    code: "ERR_INPUT_NOT_FOUND",
    but: only === "" ? "none are there" : `there are only ${only}`,
    remedy: "Name a file to try it whatever its extension.",
  });
  yield { path: pattern, error };
}

/** Backslashes separate folders on Windows, and quote elsewhere. */
const toPosix = (pattern: string): string =>
  process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;

async function* filesOfGlob(glob: Glob, names: AlikeNames): AsyncGenerator<string | FailedInput> {
  const [folder] = glob.folder === "" ? ["."] : await names.find(glob.folder);
  if (folder !== undefined) yield* walkFolder(folder, glob);
}

/** Parentheses that would group are also taken as plain, where nothing is found otherwise: `*(1).jpg`. */
async function* expandGlob(pattern: string, names: AlikeNames): AsyncGenerator<string | FailedInput> {
  let empty = true;
  for (const grouping of /[@!?*+]\(/.test(pattern) ? [true, false] : [true]) {
    const glob = empty ? parseGlob(toPosix(pattern), grouping) : undefined;
    if (!glob) continue;
    for await (const file of filesOfGlob(glob, names)) {
      empty = false;
      yield file;
    }
  }
}

/** A file that is there wins over what its name might mean as a pattern. */
async function* expand(pattern: string, names: AlikeNames, options: FindOptions): AsyncGenerator<Input> {
  if (pattern === STDIN) {
    yield { kind: "video", path: STDIN, size: 0, mtimeMs: 0 };
    return;
  }
  if (isUrl(pattern)) {
    yield { path: pattern, error: urlError(pattern) };
    return;
  }
  const state = await stateOf(pattern);
  const isMissing = state instanceof TonescoreError && state.code === "ERR_INPUT_NOT_FOUND";
  const alike = isMissing && !/^[\0-\x7f]*$/.test(pattern) ? await names.find(pattern) : [];
  for (const path of alike) yield* expandPath(path, await stateOf(path), options);
  if (alike.length > 0) return;
  if (isMissing && parseGlob(toPosix(pattern))) {
    yield* mediaAmong(expandGlob(pattern, names), pattern, options);
  } else yield* expandPath(pattern, state, options);
}

const stateOf = (path: string): Promise<Stats | TonescoreError> =>
  statPath(path).catch((error: unknown) => toError(path, error));

async function* expandPath(
  path: string,
  state: Stats | TonescoreError,
  options: FindOptions,
): AsyncGenerator<Input> {
  if (state instanceof TonescoreError) yield { path, error: state };
  else if (state.isDirectory()) yield* mediaAmong(walkFolder(path), path, options);
  else yield await toInput(path, state);
}

/**
 * Lists what files, folders, globs and `-` stand for: in the order given, folders sorted by name and with all
 * below them, each file once. What cannot be read is a value with its error, and costs nothing else.
 */
export async function* findInputs(
  patterns: readonly string[],
  options: FindOptions = {},
): AsyncGenerator<Input, void, undefined> {
  checkArgument("the inputs", patterns, listOf(text));
  checkOptions(options, { signal, onLeftOut: callback() });
  const names = new AlikeNames(false);
  const seen = new Set<string>();
  for (const pattern of patterns) {
    for await (const input of expand(pattern, names, options)) {
      throwIfAborted(options.signal);
      const path = resolve(input.path);
      if (seen.has(path)) continue;
      seen.add(path);
      yield input;
    }
  }
}
