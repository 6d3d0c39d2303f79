import { open } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { checkArgument, checkOptions, listOf, signal, text } from "../arguments.js";
import { TonescoreError } from "../errors.js";
import { throwIfAborted } from "../abort.js";
import {
  HEAD_BYTES,
  isAmbiguous,
  isRefusedPicture,
  isTransportStream,
  kindOfExtension,
  type MediaKind,
  sniff,
} from "./formats.js";
import { type FailedInput, type Input, STDIN } from "./input.js";
import { accessError, isUrl, statFile, statPath, urlError } from "./source.js";
import { walkFolder } from "./walk.js";

const toError = (path: string, error: unknown): TonescoreError =>
  error instanceof TonescoreError ? error : accessError(path, error);

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A name that says nothing is settled by the first bytes; what those do not name is left to ffmpeg to try. */
async function kindOf(path: string): Promise<MediaKind> {
  const kind = kindOfExtension(path) ?? (isRefusedPicture(path) ? "image" : undefined);
  if (kind) return kind;
  const type = sniff(await readHead(path));
  return type === undefined || type === "video" ? "video" : "image";
}

/** What a path leads to; a file that cannot be read is a value with its error. */
export async function toInput(path: string): Promise<Input> {
  try {
    const { size, mtimeMs } = await statFile(path);
    await (await open(path)).close();
    return { kind: await kindOf(path), path, size, mtimeMs };
  } catch (error) {
    return { path, error: toError(path, error) };
  }
}

/** In folders and globs, only names that promise a picture or a video count. */
async function isMedia(path: string): Promise<boolean> {
  if (kindOfExtension(path) === undefined) return false;
  if (!isAmbiguous(path)) return true;
  // One that cannot be read is kept, for its own error.
  return readHead(path).then(isTransportStream, () => true);
}

async function* mediaAmong(
  files: AsyncIterable<string | FailedInput>,
  pattern: string,
): AsyncGenerator<Input> {
  let empty = true;
  for await (const file of files) {
    if (typeof file === "string" && !(await isMedia(file))) continue;
    empty = false;
    yield typeof file === "string" ? await toInput(file) : file;
  }
  if (!empty) return;
  const message = `Expected pictures or videos in "${pattern}", but none are there. Name a file to try it whatever its extension.`;
  yield { path: pattern, error: new TonescoreError("ERR_INPUT_NOT_FOUND", message) };
}

const NODE_MODULES = /(^|\/)node_modules\//;

async function* expandGlob(pattern: string): AsyncGenerator<string | FailedInput> {
  const posix = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  try {
    const files = await glob(posix, { expandDirectories: false, absolute: isAbsolute(pattern) });
    const wanted = posix.includes("node_modules") ? files : files.filter((file) => !NODE_MODULES.test(file));
    yield* wanted.sort();
  } catch (error) {
    yield { path: pattern, error: accessError(pattern, error) };
  }
}

/** A file that is there wins over what its name might mean as a pattern. */
async function* expand(pattern: string): AsyncGenerator<Input> {
  if (pattern === STDIN) {
    yield { kind: "video", path: STDIN, size: 0, mtimeMs: 0 };
    return;
  }
  if (isUrl(pattern)) {
    yield { path: pattern, error: urlError(pattern) };
    return;
  }
  let isFolder: boolean;
  try {
    isFolder = (await statPath(pattern)).isDirectory();
  } catch (error) {
    if (isDynamicPattern(pattern)) yield* mediaAmong(expandGlob(pattern), pattern);
    else yield { path: pattern, error: toError(pattern, error) };
    return;
  }
  if (isFolder) yield* mediaAmong(walkFolder(pattern), pattern);
  else yield await toInput(pattern);
}

/**
 * Lists what files, folders, globs and `-` stand for: in the order given, folders sorted by name and with all
 * below them, each file once. What cannot be read is a value with its error, and costs nothing else.
 */
export async function* findInputs(
  patterns: readonly string[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Input, void, undefined> {
  checkArgument("the inputs", patterns, listOf(text));
  checkOptions(options, { signal });
  const seen = new Set<string>();
  for (const pattern of patterns) {
    for await (const input of expand(pattern)) {
      throwIfAborted(options.signal);
      const path = resolve(input.path);
      if (seen.has(path)) continue;
      seen.add(path);
      yield input;
    }
  }
}
