import type { TonescoreError } from "../../errors.js";
import { expected } from "../../util/expected.js";

export const damaged = "The file is damaged or was not downloaded whole: download it again.";

/** What is wrong with a checkpoint; `what` is what was expected of which file. */
export const invalid = (what: string, but: string, remedy?: string, cause?: unknown): TonescoreError =>
  expected(what, {
    code: "ERR_MODEL_INVALID",
    but,
    ...(remedy === undefined ? {} : { remedy }),
    ...(cause === undefined ? {} : { cause }),
  });
