import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { TonescoreError } from "../../errors.js";
import type { QuantiseOptions } from "../../native/addon.js";
import { MAX_THREADS } from "../../native/threads.js";
import { ownProgram } from "../../places.js";
import { throwIfAborted } from "../../util/abort.js";
import { LastWords } from "../../util/lastWords.js";
import { PartialFile } from "../gguf/partialFile.js";
import { fileTypeOf, type Quantised } from "./quantisations.js";
import type { Answer } from "./quantiseProgram.js";

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
 * @throws {TonescoreError} `ERR_MODEL_INVALID`, `ERR_ENGINE_CRASHED`, `ERR_NATIVE_LOAD`, `ERR_ABORTED`
 */
export async function quantise(
  input: string,
  output: string,
  to: Quantised,
  options: Options = {},
): Promise<void> {
  const { signal, onBytes, program = ownProgram("importing/quantise/quantiseProgram") } = options;
  throwIfAborted(signal);
  const asked: QuantiseOptions = {
    input,
    output,
    type: fileTypeOf(to),
    threads: Math.min(availableParallelism(), MAX_THREADS),
    buffer: BUFFER,
  };
  const looking = setInterval(() => {
    void PartialFile.size(output).then(onBytes);
  }, LOOK_EVERY_MS);
  try {
    const answer = await ask(program, asked, signal);
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

function ask(program: URL, asked: QuantiseOptions, signal: AbortSignal | undefined): Promise<Answer> {
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
      message: `The process that quantises "${asked.input}" ended early (${how}). The checkpoint may be damaged.`,
    });
    child.once("error", (error) => {
      answer ??= crashed(error.message);
    });
    child.once("close", (code, killed) => {
      signal?.removeEventListener("abort", end);
      resolve(answer ?? crashed(words.after(killed ?? `exit code ${code ?? "unknown"}`)));
    });
    child.send(asked);
  });
}
