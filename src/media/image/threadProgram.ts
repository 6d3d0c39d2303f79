import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../util/messageOf.js";
import { type Conversion, convertLight, type LightSamples, onWhite } from "../colour/light.js";
import { decodeHeif, type HeifTask } from "./libheif.js";

/** Work on a picture's bytes that takes too long for the main thread. The bytes are of no use afterwards. */
export type Task =
  | { readonly kind: "convert"; readonly samples: LightSamples; readonly conversion: Conversion }
  | {
      readonly kind: "decode-heif";
      readonly picture: HeifTask;
      readonly conversion?: Conversion | undefined;
    };

export function perform(task: Task): Uint8Array<ArrayBuffer> {
  const samples = task.kind === "convert" ? task.samples : decodeHeif(task.picture);
  return task.conversion ? convertLight(samples, task.conversion) : onWhite(samples);
}

/** What it gives away. */
export function memoryOf(task: Task): ArrayBuffer {
  return task.kind === "convert" ? task.samples.data.buffer : task.picture.data.buffer;
}

/** What a thread of ours is started with: a host may run this library in a thread of its own. */
export const OURS = "tonescore: work on pictures";

export interface Question {
  readonly id: number;
  readonly task: Task;
}

/** The first answer is to no question: it says that the thread runs. */
export interface Answer {
  readonly id: number;
  readonly result?: Uint8Array<ArrayBuffer>;
  readonly error?: string;
}

function answer({ id, task }: Question): Answer {
  try {
    return { id, result: perform(task) };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}

if (workerData === OURS) {
  parentPort?.on("message", (question: Question) => {
    const said = answer(question);
    parentPort?.postMessage(said, said.result ? [said.result.buffer] : []);
  });
  parentPort?.postMessage({ id: -1 } satisfies Answer);
}
