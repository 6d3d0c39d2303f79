import { fork } from "node:child_process";
import { ownProgram } from "../../../places.js";
import { LastWords } from "../../../util/lastWords.js";
import type { Answers, Probe } from "./probeProgram.js";

/** What came of trying something in a process of its own. */
export type Outcome<T> =
  | { readonly facts: T }
  /** It failed as programs do. */
  | { readonly error: string }
  /** The process ended without an answer. */
  | { readonly crash: string };

export interface ProbeOptions {
  /** Stands in for ours. */
  readonly program?: URL;
  /** Milliseconds after which it is ended. */
  readonly patience?: number;
}

const PATIENCE = 60_000;

const hints: Readonly<Record<string, string>> = {
  SIGILL: "an instruction that this processor does not have",
  SIGBUS: "a file that is cut short, or memory that is gone",
  SIGSEGV: "memory that is not its own",
  SIGABRT: "it gave up",
  SIGKILL: "ended from outside: memory may have run out",
};

function describeEnd(code: number | null, signal: NodeJS.Signals | null, last: string): string {
  const hint = hints[signal ?? ""];
  const end = signal ?? `exit code ${code ?? "unknown"}`;
  return `${end}${hint === undefined ? "" : ` (${hint})`}${last === "" ? "" : `; it last said "${last}"`}`;
}

/**
 * Tries something in a process of its own, so that a crash is an answer too. A process that answers, and crashes while it
 * ends, has crashed.
 */
export function tryOut<P extends Probe>(
  probe: P,
  { program = ownProgram("cli/commands/doctor/probeProgram"), patience = PATIENCE }: ProbeOptions = {},
): Promise<Outcome<Answers[P]>> {
  return new Promise((resolve) => {
    const child = fork(program, [probe], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const words = new LastWords(child.stderr);
    let answer: Outcome<Answers[P]> | undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, patience);
    child.on("message", (message) => {
      answer = message as Outcome<Answers[P]>;
    });
    const end = (outcome: Outcome<Answers[P]>): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    child.once("error", (error) => {
      end({ error: error.message });
    });
    child.once("close", (code, signal) => {
      if (late) end({ crash: `no answer within ${patience / 1000} seconds` });
      else if (answer && code === 0) end(answer);
      else end({ crash: describeEnd(code, signal, words.line) });
    });
  });
}
