import { Worker } from "node:worker_threads";
import { ownProgram } from "../../places.js";
import { type Answer, memoryOf, OURS, perform, type Question, type Task } from "./threadProgram.js";

interface Waiting {
  readonly resolve: (result: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
}

/** One thread for all pictures, since what it does takes less time than decoding them. It keeps no process alive. */
class Thread {
  readonly #worker = new Worker(ownProgram("media/image/threadProgram"), { workerData: OURS });
  readonly #waiting = new Map<number, Waiting>();
  /** False where it cannot start: a bundle has no file for it, and older versions of Node run no TypeScript in one. */
  readonly starts: Promise<boolean>;
  #asked = 0;

  constructor() {
    this.starts = new Promise((resolve) => {
      this.#worker.once("message", () => {
        resolve(true);
        if (this.#waiting.size === 0) this.#worker.unref();
      });
      this.#worker.once("error", (error) => {
        thread = undefined;
        resolve(false);
        for (const { reject } of this.#waiting.values()) reject(error);
      });
    });
    this.#worker.on("message", (answer: Answer) => {
      this.#settle(answer);
    });
  }

  #settle({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (result === undefined) waiting?.reject(new Error(error));
    else waiting?.resolve(result);
  }

  ask(task: Task): Promise<Uint8Array<ArrayBuffer>> {
    const id = this.#asked++;
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, task } satisfies Question, [memoryOf(task)]);
    });
  }
}

let thread: Thread | undefined;
let startable = true;

/** Does it in a thread of its own, or here where there can be none. The task's bytes are given away. */
export async function inThread(task: Task): Promise<Uint8Array<ArrayBuffer>> {
  if (startable) {
    const running = (thread ??= new Thread());
    startable = await running.starts;
    if (startable) return running.ask(task);
  }
  return perform(task);
}
