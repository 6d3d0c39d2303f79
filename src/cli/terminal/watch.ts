import { Interrupt } from "./interrupt.js";
import type { Io } from "./io.js";
import { createMessages, type Messages } from "./messages.js";
import { Progress } from "./progress.js";

/** Where a run tells how it goes, and hears that it shall stop. */
export interface Watch {
  /** A new line of progress, for as many results as will come. */
  progress(): Progress;
  readonly messages: Messages;
  readonly signal: AbortSignal;
}

/** Runs what can be stopped, and gives its exit code. */
export async function watching(
  { quiet = false, results }: { readonly quiet?: boolean; readonly results?: string },
  io: Io,
  run: (watch: Watch) => Promise<number>,
): Promise<number> {
  let progress: Progress | undefined;
  const messages = createMessages(io.stderr, quiet, () => {
    progress?.clear();
  });
  using interrupt = new Interrupt(io, messages.note);
  const startProgress = (): Progress => {
    progress?.stop();
    return (progress = new Progress(io.stderr, !quiet));
  };
  try {
    return await run({ progress: startProgress, messages, signal: interrupt.signal });
  } catch (error) {
    if (interrupt.exitCode === undefined) throw error;
    messages.note(`stopped${results === undefined ? "" : "; --resume goes on with what is in --results"}`);
    return interrupt.exitCode;
  } finally {
    progress?.stop();
  }
}
