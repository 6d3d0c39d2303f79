import type { Stats } from "node:fs";
import { resolve } from "node:path";
import { TonescoreError } from "../../errors.js";
import { throwIfAborted } from "../../util/abort.js";
import { callback, checkArgument, checkOptions, listOf, signal, text } from "../../util/arguments.js";
import { AlikeNames } from "./alike.js";
import { expandGlob, isGlob } from "./expandGlob.js";
import { toError, toInput } from "./fileInput.js";
import { type Input, STDIN } from "./input.js";
import { type FindOptions, mediaAmong } from "./mediaAmong.js";
import { isUrl, statPath, urlError } from "./source.js";
import { walkFolder } from "./walk.js";

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
  if (isMissing && isGlob(pattern)) {
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
