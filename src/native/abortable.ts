import { throwIfAborted } from "../util/abort.js";
import type { AbortSwitch, NativeAddon } from "./addon.js";

/**
 * Runs a job of the addon so that `signal` ends it early.
 * @throws {TonescoreError} `ERR_ABORTED`
 */
export async function abortable<T>(
  addon: NativeAddon,
  signal: AbortSignal | undefined,
  job: (abort?: AbortSwitch) => Promise<T>,
): Promise<T> {
  if (!signal) return job();
  throwIfAborted(signal);
  const abort = new addon.AbortSwitch();
  const onAbort = (): void => {
    abort.abort();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await job(abort);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
