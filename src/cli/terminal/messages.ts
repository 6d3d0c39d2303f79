import { TonescoreError } from "../../errors.js";
import { ADVISED_MODEL } from "../../models/advised.js";
import type { OutputStream } from "./io.js";

/** What is said to the user beside the results. */
export interface Messages {
  readonly error: (error: unknown, about?: string) => void;
  readonly warn: (text: string) => void;
  readonly note: (text: string) => void;
  /** Why a gate was not passed, which is as good as an error to whoever set it. */
  readonly refuse: (text: string) => void;
}

/** Of results whose distrust is `unlearned`. */
export const neverTaught = (preset: string): string =>
  `the model was never taught what ${preset} asks, so the scores mean nothing: use a general one, such as --model ${ADVISED_MODEL} (tonescore models)`;

const controls = /[^\P{Cc}\n]/gu;

/** `photo.jpg: what is wrong (ERR_CODE)`; anything but our own error is a bug, and shows its stack. */
function describeError(error: unknown, about?: string): string {
  const where = about === undefined ? "" : `${about}: `;
  if (!(error instanceof TonescoreError)) {
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${where}this is a bug in tonescore, please report it, with what tonescore doctor --json prints:\n${details}`;
  }
  const { message, code } = error;
  return `${about !== undefined && message.includes(about) ? "" : where}${message} (${code})`;
}

/** Writes to standard error; `before` clears what stands on the line. Quiet leaves only errors, and what did not pass. */
export function createMessages(stream: OutputStream, quiet: boolean, before: () => void): Messages {
  const say = (text: string): void => {
    before();
    stream.write(`tonescore: ${text.replace(controls, "?")}\n`);
  };
  const unlessQuiet = (text: string): void => {
    if (!quiet) say(text);
  };
  return {
    error: (error, about) => {
      say(describeError(error, about));
    },
    warn: unlessQuiet,
    note: unlessQuiet,
    refuse: say,
  };
}
