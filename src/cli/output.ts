import { open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import type { Writable } from "node:stream";
import { TonescoreError } from "../errors.js";

/** Where results go. What was written is with the operating system once the promise resolves. */
export interface Output {
  write(text: string): Promise<void>;
  /** All was written: puts it in its place. */
  finish(): Promise<void>;
  /** Lets go of it as it is. */
  abandon(): Promise<void>;
}

/** The reader of a pipe has seen enough, as `head` does. */
export class PipeClosed extends Error {
  override readonly name = "PipeClosed";
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "its file system is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
};

function outputError(name: string, cause: unknown): TonescoreError {
  const reason = reasons[String(codeOf(cause))] ?? (cause instanceof Error ? cause.message : String(cause));
  return new TonescoreError("ERR_OUTPUT", `Cannot write to ${name}: ${reason}.`, { cause });
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

async function openFile(path: string, flags: string): Promise<FileHandle> {
  return open(path, flags).catch((error: unknown) => {
    throw outputError(path, error);
  });
}

function handleOutput(path: string, handle: FileHandle, afterClose?: () => Promise<void>): Output {
  const guard = (error: unknown): never => {
    throw outputError(path, error);
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

/** Written line by line, so that what a killed run has written stays. */
export async function fileOutput(path: string): Promise<Output> {
  return handleOutput(path, await openFile(path, "w"));
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
}

/** Takes its name only when it is complete; until then, or if it never is, it is `<path>.partial`. */
export async function completeFileOutput(path: string): Promise<CompleteOutput> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  if (existing && !existing.isFile()) {
    const output = await fileOutput(target); // a device or a pipe must not be replaced
    return { ...output, discard: () => output.abandon() };
  }
  const partial = `${target}.partial`;
  const output = handleOutput(partial, await openFile(partial, "w"), () => rename(partial, target));
  const discard = (): Promise<void> => output.abandon().then(() => rm(partial, { force: true }));
  return { ...output, discard };
}
