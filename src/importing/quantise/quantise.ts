import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { TonescoreError } from "../../errors.js";
import type { MatchOptions } from "../../native/addon.js";
import { MAX_THREADS } from "../../native/threads.js";
import { ownProgram } from "../../places.js";
import { throwIfAborted } from "../../util/abort.js";
import { LastWords } from "../../util/lastWords.js";
import { PartialFile } from "../gguf/partialFile.js";
import { fileTypeOf, type Quantised } from "./quantisations.js";
import type { Answer, Job } from "./quantiseProgram.js";

/** Of a tensor's rows at once: with what else is in memory, well below a gigabyte. */
const BUFFER = 256 << 20;
const LOOK_EVERY_MS = 500;

interface Options {
  readonly signal?: AbortSignal | undefined;
  /** Called with how many bytes of the file there are. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Stands in for ours. */
  readonly program?: URL;
}

/**
 * Writes a language model once more with smaller weights, in a process of its own.
 * @throws {TonescoreError} `ERR_MODEL_INVALID`, `ERR_OUTPUT`, `ERR_ENGINE_CRASHED`, `ERR_NATIVE_LOAD`, `ERR_ABORTED`
 */
export function quantise(input: string, output: string, to: Quantised, options?: Options): Promise<void> {
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  const asked = { input, output, type: fileTypeOf(to), threads, buffer: BUFFER };
  return runApart({ quantise: asked }, asked, options);
}

/**
 * Writes an mmproj once more, with weights that stand in for the language model's in the types of those; in a process of
 * its own.
 * @throws {TonescoreError} as {@link quantise}
 */
export const matchTypes = (asked: MatchOptions, options?: Options): Promise<void> =>
  runApart({ matchTypes: asked }, asked, options);

interface Files {
  readonly input: string;
  readonly output: string;
}

async function runApart(job: Job, { input, output }: Files, options: Options = {}): Promise<void> {
  const { signal, onBytes, program = ownProgram("importing/quantise/quantiseProgram") } = options;
  throwIfAborted(signal);
  const looking = setInterval(() => {
    void PartialFile.size(output).then(onBytes);
  }, LOOK_EVERY_MS);
  try {
    const answer = await ask(program, job, input, signal);
    throwIfAborted(signal);
    if ("code" in answer) throw toError(answer, output);
  } finally {
    clearInterval(looking);
  }
}

/** llama.cpp calls whatever a file system refuses an "iostream error". */
function toError({ code, message }: Exclude<Answer, { done: true }>, output: string): TonescoreError {
  if (!message.includes("iostream error")) return new TonescoreError(code, message);
  return new TonescoreError(
    "ERR_OUTPUT",
    `Cannot write to ${output}: the disk is full, or it may not be written there.`,
  );
}

function ask(program: URL, job: Job, input: string, signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve) => {
    const child = fork(program, { stdio: ["pipe", "ignore", "pipe", "ipc"] });
    const words = new LastWords(child.stderr);
    let answer: Answer | undefined;
    const end = (): void => {
      child.kill("SIGKILL");
    };
    signal?.addEventListener("abort", end, { once: true });
    child.on("message", (message) => {
      answer = message as Answer;
    });
    const crashed = (how: string): Answer => ({
      code: "ERR_ENGINE_CRASHED",
      message: `The process that quantises "${input}" ended early (${how}). The checkpoint may be damaged.`,
    });
    child.once("error", (error) => {
      answer ??= crashed(error.message);
    });
    child.once("close", (code, killed) => {
      signal?.removeEventListener("abort", end);
      resolve(answer ?? crashed(words.after(killed ?? `exit code ${code ?? "unknown"}`)));
    });
    child.send(job);
  });
}
