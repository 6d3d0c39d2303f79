import type { Stats } from "node:fs";
import { throwIfAborted } from "../../util/abort.js";
import { TonescoreError } from "../../errors.js";
import { mapOrdered } from "../../util/mapOrdered.js";
import { isAmbiguous, isMpegStream, isRefusedPicture, kindOfExtension } from "./extensions.js";
import { HEAD_BYTES, type MediaKind, sniff } from "../formats.js";
import type { Input } from "./input.js";
import { accessError, openFile, statFile } from "./source.js";

/** Files whose state is asked for at once. */
export const AT_ONCE = 8;

export const toError = (path: string, error: unknown): TonescoreError =>
  error instanceof TonescoreError ? error : accessError(path, error);

async function readHead(path: string): Promise<Uint8Array> {
  const file = await openFile(path);
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
  if (kind) {
    await (await openFile(path)).close();
    return kind;
  }
  const type = sniff(await readHead(path));
  return type === undefined || type === "video" ? "video" : "image";
}

/** What a path leads to; a file that cannot be read is a value with its error. `known` is its state, if asked before. */
export async function toInput(path: string, known?: Stats): Promise<Input> {
  try {
    const { size, mtimeMs } = await statFile(path, known);
    return { kind: await kindOf(path), path, size, mtimeMs };
  } catch (error) {
    return { path, error: toError(path, error) };
  }
}

/** In folders and globs, only names that promise a picture or a video count. */
export async function isMedia(path: string): Promise<boolean> {
  if (kindOfExtension(path) === undefined) return false;
  if (!isAmbiguous(path)) return true;
  // One that cannot be read is kept, for its own error.
  return readHead(path).then(isMpegStream, () => true);
}

/** As `findInputs`, for paths that mean only themselves: no pattern, no stream and no address. */
export async function* fileInputs(
  paths: readonly string[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Input, void, undefined> {
  for await (const input of mapOrdered(new Set(paths), AT_ONCE, (path) => toInput(path))) {
    throwIfAborted(signal);
    yield input;
  }
}
