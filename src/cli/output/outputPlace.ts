import type { BigIntStats } from "node:fs";
import { readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** Where a path that is written to leads. */
export interface Place {
  /** With all links followed, the last one too where nothing is at its end yet. */
  readonly path: string;
  /** Undefined where nothing is there. */
  readonly stats: BigIntStats | undefined;
  /** A device, a pipe or an open descriptor: written to as it is, and never replaced. */
  readonly stream: boolean;
}

const DESCRIPTOR = /^(?:\/dev\/(?:stdin|stdout|stderr|fd\/\d+)|\/proc\/(?:self|\d+)\/fd\/\d+)$/;

const MOST_LINKS = 40;

/** Follows a path to what it means; what cannot be looked at counts as not there, and fails when it is opened. */
export async function placeOf(path: string): Promise<Place> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  const stream =
    DESCRIPTOR.test(resolve(path)) || (stats && !stats.isFile() && !stats.isDirectory()) === true;
  return { path: await endOf(path, MOST_LINKS), stats, stream };
}

async function endOf(path: string, links: number): Promise<string> {
  const there = await realpath(path).catch(() => undefined);
  if (there !== undefined) return there;
  const link = links > 0 ? await readlink(path).catch(() => undefined) : undefined;
  if (link !== undefined) return endOf(resolve(dirname(path), link), links - 1);
  return join(await realpath(dirname(path)).catch(() => resolve(dirname(path))), basename(path));
}

/** Hard links and other spellings of one file have the same. */
export const isSameFile = (a: BigIntStats | undefined, b: BigIntStats | undefined): boolean =>
  a !== undefined && a.dev === b?.dev && a.ino === b.ino;

/** Whether nothing was written to a file, and no other has come into its place. */
export function isUnchanged(before: BigIntStats | undefined, now: BigIntStats | undefined): boolean {
  if (!before || !now) return before === now;
  return isSameFile(before, now) && before.size === now.size && before.mtimeNs === now.mtimeNs;
}
