import { parentPort, workerData } from "node:worker_threads";
import { checkJpeg, type Verdict } from "./jpeg/check.js";
import { type Conversion, convertLight, type LightSamples } from "../colour/light.js";

/** Work on a picture's bytes that takes too long for the main thread. The bytes are of no use afterwards. */
export type Task =
  | { readonly kind: "check-jpeg"; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: "convert"; readonly samples: LightSamples; readonly conversion: Conversion };

export type Outcome<T extends Task> = T extends { kind: "check-jpeg" } ? Verdict : Uint8Array<ArrayBuffer>;

export const perform = (task: Task): Verdict | Uint8Array<ArrayBuffer> =>
  task.kind === "check-jpeg" ? checkJpeg(task.data) : convertLight(task.samples, task.conversion);

/** What a thread of ours is started with: a host may run this library in a thread of its own. */
export const OURS = "tonescore: work on pictures";

export interface Question {
  readonly id: number;
  readonly task: Task;
}

/** The first answer is to no question: it says that the thread runs. */
export interface Answer {
  readonly id: number;
  readonly result?: Verdict | Uint8Array<ArrayBuffer>;
  readonly error?: string;
}

function answer({ id, task }: Question): Answer {
  try {
    return { id, result: perform(task) };
  } catch (error) {
    return { id, error: String(error) };
  }
}

if (workerData === OURS) {
  parentPort?.on("message", (question: Question) => {
    const said = answer(question);
    parentPort?.postMessage(said, said.result instanceof Uint8Array ? [said.result.buffer] : []);
  });
  parentPort?.postMessage({ id: -1 } satisfies Answer);
}
