import { TonescoreError } from "./errors.js";

/** Turns an abort, wherever it is noticed, into this library's one error for it. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new TonescoreError("ERR_ABORTED", "Aborted by the caller.", { cause: signal.reason });
  }
}
