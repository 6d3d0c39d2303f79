/** The program of the process that quantises: it can be ended, and its memory goes with it. */
import { TonescoreError } from "../../errors.js";
import type { QuantiseOptions } from "../../native/addon.js";
import { nativeAddon } from "../../native/load.js";
import { messageOf } from "../../util/messageOf.js";

/** What it answers. */
export type Answer =
  { readonly done: true } | { readonly code: TonescoreError["code"]; readonly message: string };

async function answer(options: QuantiseOptions): Promise<Answer> {
  try {
    const addon = nativeAddon();
    addon.endWithHost();
    await addon.quantise(options);
    return { done: true };
  } catch (error) {
    return {
      code: error instanceof TonescoreError ? error.code : "ERR_UNEXPECTED",
      message: messageOf(error),
    };
  }
}

process.once("message", (options) => {
  void answer(options as QuantiseOptions).then((said) => {
    process.send?.(said, () => {
      process.exit(0); // a thread still waits for the host
    });
  });
});
