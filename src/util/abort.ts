import { TonescoreError } from "../errors.js";

/** Turns an abort, wherever it is noticed, into this library's one error for it. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new TonescoreError("ERR_ABORTED", "Aborted by the caller.", { cause: signal.reason });
  }
}

/** A signal that is aborted as soon as one of these is. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const given = signals.filter((signal) => signal !== undefined);
  const [first] = given;
  return first && given.length === 1 ? first : AbortSignal.any(given);
}
