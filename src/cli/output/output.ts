import { PipeClosed } from "./pipeClosed.js";
import { rmSync } from "node:fs";
import { constants, open, rename, rm, type FileHandle } from "node:fs/promises";
import type { Writable } from "node:stream";
import { TonescoreError } from "../../errors.js";
import { codeOf } from "../../util/codeOf.js";
import { outputError } from "../../util/outputError.js";
import { isUnchanged, placeOf } from "./outputPlace.js";
import { foreign } from "./outputTarget.js";
import type { Content } from "./format.js";
import { isOwn } from "./ownFiles.js";

/** Where results go. What was written is with the operating system once the promise resolves. */
export interface Output {
  write(text: string): Promise<void>;
  /** All was written: puts it in its place. */
  finish(): Promise<void>;
  /** Lets go of it as it is. */
  abandon(): Promise<void>;
}

/** Standard output. */
export function streamOutput(stream: Writable): Output {
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        if (!error) resolve();
        else reject(codeOf(error) === "EPIPE" ? new PipeClosed() : outputError("standard output", error));
      });
    });
  return { write, finish: () => Promise.resolve(), abandon: () => Promise.resolve() };
}

async function openFile(path: string, flags: string | number): Promise<FileHandle> {
  return open(path, flags).catch((error: unknown) => {
    throw outputError(path, error);
  });
}

function handleOutput(path: string, handle: FileHandle, afterClose?: () => Promise<void>): Output {
  const guard = (error: unknown): never => {
    throw error instanceof TonescoreError ? error : outputError(path, error);
  };
  return {
    write: (text) => handle.writeFile(text).catch(guard),
    finish: async () => {
      await handle.close().catch(guard);
      await afterClose?.().catch(guard);
    },
    abandon: () => handle.close().catch(() => undefined),
  };
}

/**
 * Written line by line, so that what a killed run has written stays.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where the file holds something else than such content
 */
export async function fileOutput(path: string, content: Content): Promise<Output> {
  const { stream } = await placeOf(path);
  // An open file must not be cut off either, nor be written over from its beginning.
  if (stream) return handleOutput(path, await openFile(path, "a"));
  const handle = await openFile(path, constants.O_RDWR | constants.O_CREAT);
  try {
    if (!(await isOwn(handle, content))) throw foreign(path, content);
    await handle.truncate();
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handleOutput(path, handle);
}

/** Goes on after the first `end` bytes of a file; what stands behind them goes. */
export async function appendOutput(path: string, end: number): Promise<Output> {
  const handle = await openFile(path, "a");
  await handle.truncate(end);
  return handleOutput(path, handle);
}

export interface CompleteOutput extends Output {
  /** Lets go of it and leaves nothing behind. */
  discard(): Promise<void>;
  /** The same while the process exits, when nothing can be waited for. */
  readonly discardNow: () => void;
}

/**
 * Takes its name only when it is complete; until then, or if it never is, it is `<path>.partial`, or
 * `<path>.2.partial` where that is taken.
 * @throws {TonescoreError} as {@link fileOutput}; `ERR_OUTPUT` at the end where another program wrote there meanwhile
 */
export async function completeFileOutput(path: string, content: Content): Promise<CompleteOutput> {
  const { path: target, stats, stream } = await placeOf(path);
  if (stream || stats?.isDirectory() === true) {
    const output = await fileOutput(path, content); // a device or a pipe must not be replaced
    return { ...output, discard: () => output.abandon(), discardNow: () => undefined };
  }
  if (stats) await checkOwn(path, content);
  const { partial, handle } = await openPartial(target);
  let kept = false;
  const output = handleOutput(path, handle, async () => {
    kept = !isUnchanged(stats, (await placeOf(target)).stats);
    if (kept) throw outputError(path, new Error(`${CHANGED}. All results are in ${partial}`));
    await rename(partial, target);
  });
  const discard = (): Promise<void> =>
    kept ? Promise.resolve() : output.abandon().then(() => rm(partial, { force: true }));
  const discardNow = (): void => {
    if (!kept) rmSync(partial, { force: true });
  };
  return { ...output, discard, discardNow };
}

const CHANGED = "another program wrote there meanwhile, and its file stays";

async function checkOwn(path: string, content: Content): Promise<void> {
  const handle = await openFile(path, "r");
  const own = await isOwn(handle, content).finally(() => handle.close());
  if (!own) throw foreign(path, content);
}

/** A file of that name may be another run's, or the user's. */
async function openPartial(target: string): Promise<{ partial: string; handle: FileHandle }> {
  for (let number = 1; ; number++) {
    const partial = `${target}${number === 1 ? "" : `.${number}`}.partial`;
    try {
      return { partial, handle: await open(partial, "wx") };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw outputError(target, error);
    }
  }
}
