import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { throwIfAborted } from "../util/abort.js";
import { codeOf } from "../util/codeOf.js";

/** Milliseconds. */
interface Rhythm {
  /** Between two signs of life of the one that holds it. */
  readonly beat: number;
  /** Without any, after which it is taken from a process that has ended. */
  readonly patience: number;
}

const steady: Rhythm = { beat: 2000, patience: 12_000 };

interface Waiting {
  readonly signal?: AbortSignal | undefined;
  /** Called once where another process holds it. */
  readonly onWait?: (() => void) | undefined;
  readonly rhythm?: Rhythm;
}

/**
 * Holds a file's lock while `body` runs, so that two processes do not do the same work twice. Whether the one that holds
 * it lives is seen by its file's time, which changes; not by the clock, which may differ between machines. A process
 * that was asleep may find itself beside another: what is done under this lock must be right even then.
 */
export async function withLock<T>(path: string, body: () => Promise<T>, waiting: Waiting = {}): Promise<T> {
  const { rhythm = steady } = waiting;
  const id = `${process.pid} ${randomUUID()} ${hostname()}`;
  await mkdir(dirname(path), { recursive: true });
  await acquire(path, id, rhythm, waiting);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // taken away, which the body can live with
  }, rhythm.beat);
  timer.unref();
  try {
    return await body();
  } finally {
    clearInterval(timer);
    if ((await readFile(path, "utf8").catch(() => "")) === id) await rm(path, { force: true });
  }
}

async function acquire(path: string, id: string, rhythm: Rhythm, { signal, onWait }: Waiting): Promise<void> {
  let told = false;
  let seen: { readonly beat: number; readonly at: number } | undefined;
  while (!(await create(path, id))) {
    throwIfAborted(signal);
    const beat = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (beat === undefined) continue; // gone in this moment
    if (seen?.beat !== beat) seen = { beat, at: performance.now() };
    const still = performance.now() - seen.at > rhythm.patience;
    if (still || (await hasEnded(path))) await rm(path, { force: true });
    else {
      if (!told) onWait?.();
      told = true;
      await pause(Math.min(500, rhythm.beat / 4));
    }
  }
}

/** Whether the one that holds it was a process of this machine, and is none any more. */
async function hasEnded(path: string): Promise<boolean> {
  const [, pid, host] = /^(\d+) \S+ (.*)$/.exec(await readFile(path, "utf8").catch(() => "")) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0); // asks, and sends nothing
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

async function create(path: string, id: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx");
    await handle.writeFile(id).finally(() => handle.close());
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}
