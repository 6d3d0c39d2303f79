import { TonescoreError } from "../errors.js";

/** Turns an abort, wherever it is noticed, into this library's one error for it. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new TonescoreError("ERR_ABORTED", "Aborted by the caller.", { cause: signal.reason });
  }
}

/** Settles as the promise does, or is rejected as soon as the signal is aborted. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let onAbort = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", onAbort, { once: true });
  }).then(() => {
    throwIfAborted(signal);
  });
  try {
    return (await Promise.race([promise, aborted])) as T;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A signal that is aborted as soon as one of these is. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const given = signals.filter((signal) => signal !== undefined);
  const [first] = given;
  return first && given.length === 1 ? first : AbortSignal.any(given);
}
