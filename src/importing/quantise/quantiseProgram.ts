/** The program of the process that quantises: it can be ended, and its memory goes with it. */
import { TonescoreError } from "../../errors.js";
import type { MatchOptions, QuantiseOptions } from "../../native/addon.js";
import { nativeAddon } from "../../native/load.js";
import { messageOf } from "../../util/messageOf.js";

/** What it is asked. */
export type Job = { readonly quantise: QuantiseOptions } | { readonly matchTypes: MatchOptions };

/** What it answers. */
export type Answer =
  { readonly done: true } | { readonly code: TonescoreError["code"]; readonly message: string };

async function answer(job: Job): Promise<Answer> {
  try {
    const addon = nativeAddon();
    addon.endWithHost();
    await ("quantise" in job ? addon.quantise(job.quantise) : addon.matchTypes(job.matchTypes));
    return { done: true };
  } catch (error) {
    return {
      code: error instanceof TonescoreError ? error.code : "ERR_UNEXPECTED",
      message: messageOf(error),
    };
  }
}

process.once("message", (job) => {
  void answer(job as Job).then((said) => {
    process.send?.(said, () => {
      process.exit(0); // a thread still waits for the host
    });
  });
});
