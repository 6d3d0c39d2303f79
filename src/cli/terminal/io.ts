import type { Writable } from "node:stream";
import type { RunHeader, Result } from "../../results/result.js";
import type { Input } from "../../media/inputs/input.js";
import type { PresetPair } from "../../prompts/choosePresets.js";
import type { ScorerOptions, VideoOptions } from "../../scorer/options.js";

/** What asks a program to stop: Ctrl-C, `kill`, a terminal that was closed, Ctrl-Break on Windows. */
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const;
export type StopSignal = (typeof stopSignals)[number];

/** A terminal, a pipe or a file, as far as the command line cares. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
}

/** The world outside, handed in so that tests can be that world. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Calls back whenever the program is asked to stop, until the function that it returns is called. */
  onInterrupt(listener: (signal: StopSignal) => void): () => void;
  /**
   * Asks whoever sits there, and gives the answer; absent where nobody does, as in a pipe.
   * @param signal rejects it.
   */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<string>;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The part of a scorer that the command line needs. */
export interface BatchScorer {
  header(): Promise<RunHeader>;
  scoreAll(inputs: Iterable<Input>, options?: VideoOptions): AsyncGenerator<Result>;
  headersByPreset(): Promise<RunHeader[]>;
  scoreAllByPreset(inputs: Iterable<Input>, options?: VideoOptions): AsyncGenerator<Result[]>;
  close(): Promise<void>;
}

export interface Dependencies {
  /** @param presets that `options` mean, read. */
  readonly createScorer: (options: ScorerOptions, presets: readonly PresetPair[]) => Promise<BatchScorer>;
}

export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  // Whoever writes is told of a failure; without a listener Node would end the process on top of it.
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
  return {
    stdout,
    stderr,
    onInterrupt(listener) {
      for (const signal of stopSignals) process.on(signal, listener);
      return () => {
        for (const signal of stopSignals) process.off(signal, listener);
      };
    },
    ...(stdin.isTTY && stderr.isTTY && { ask }),
    exit: (code) => process.exit(code),
  };
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  // Not as a terminal, which would keep Ctrl-C for itself.
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await reader.question(question, { signal });
  } finally {
    reader.close();
  }
}
