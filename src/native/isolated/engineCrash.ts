import { EngineLost, TonescoreError } from "../../errors.js";

interface Circumstances {
  /** It had to be ended, for the very job that is told of. */
  readonly hung: boolean;
  /** A picture was being read; else the model was made ready. */
  readonly whileReading: boolean;
}

/** The engine's process ended before it answered. */
export class EngineCrash extends Error {
  constructor(
    /** Such as `SIGSEGV`. */
    readonly how: string,
    readonly circumstances: Circumstances,
  ) {
    super(how);
  }

  /** As the user is told: an input's error or, where no input had a part in it, the run's. */
  toError(): TonescoreError {
    const { hung, whileReading } = this.circumstances;
    if (!whileReading) {
      const what = `The engine's process ended while it made the model ready (${this.how}).`;
      const remedy = this.how.includes("SIGKILL")
        ? "If there was too little memory, use a smaller model."
        : "The model's files may be damaged: download them again, or use others.";
      return new EngineLost(`${what} ${remedy}`, { cause: this });
    }
    const what = hung ? "did not get done with this input" : "crashed twice over this input";
    const remedy = hung
      ? "Allow more time (timeLimit, --time-limit), or use a smaller model."
      : "Leave it out, and report it together with the model's name.";
    const message = `The engine's process ${what} (${this.how}). ${remedy}`;
    return new TonescoreError("ERR_ENGINE_CRASHED", message, { cause: this });
  }
}
