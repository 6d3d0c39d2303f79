import { type ErrorCode, TonescoreError } from "../../errors.js";
import { throwIfAborted } from "../../util/abort.js";
import { messageOf } from "../../util/messageOf.js";
import { EngineCrash } from "./engineCrash.js";
import { type Frame, FrameReader, writeFrame } from "./frames.js";
import { HangWatch, type Watched } from "./hangWatch.js";
import { type FromChild, ofSession, type Request, type ToChild } from "./messages.js";
import type { Child } from "./startChild.js";

/** More than any model's facts or readings; what claims more is no answer of ours. */
const MOST_BYTES = 2 ** 26;

/** How long a job that was aborted may go on. An abort is noticed within milliseconds, by all but what hangs. */
const ABORTED_MS = 10_000;

export interface Asking {
  readonly body?: Uint8Array;
  /** Called when the body was sent. */
  readonly onSent?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onLoad?: ((fraction: number) => void) | undefined;
}

interface Answer {
  readonly value: FromChild["value"];
  readonly body: Uint8Array;
}

/** Something asked that was not answered yet. */
class Pending implements Watched {
  hung = false;

  constructor(
    readonly request: Request,
    readonly signal: AbortSignal | undefined,
    readonly onLoad: ((fraction: number) => void) | undefined,
    readonly resolve: (answer: Answer) => void,
    readonly reject: (error: unknown) => void,
  ) {}

  /** The process reads the pictures of a session one after the other. */
  get group(): number | undefined {
    return ofSession(this.request);
  }

  get leaving(): boolean {
    return this.signal?.aborted === true;
  }
}

/** What is asked of one process of an engine, to the end of that process. */
export class Connection {
  readonly #pending = new Map<number, Pending>();
  readonly #reader = new FrameReader(MOST_BYTES);
  readonly #watch: HangWatch<Pending>;
  #asked = 0;
  /** How the process ended. */
  #end: string | undefined;

  /** @param limitMs without a sign of life, after which the process is ended */
  constructor(
    private readonly child: Child,
    private readonly limitMs: number,
  ) {
    this.#watch = new HangWatch(limitMs, (jobs) => {
      for (const job of jobs) job.hung = true;
      this.child.kill();
    });
    child.channel.onBytes((bytes) => {
      this.#take(bytes);
    });
    void child.ended.then((how) => {
      this.#end ??= how;
      for (const [id, pending] of this.#pending) {
        this.#settle(id, () => {
          pending.reject(this.#crash(pending));
        });
      }
    });
  }

  /** Settles when the process is gone. */
  get ended(): Promise<unknown> {
    return this.child.ended;
  }

  /**
   * @throws {TonescoreError} what the engine answered, `ERR_ABORTED`
   * @throws {EngineCrash} where the process ended before it answered, or had to be ended
   */
  async ask(request: Request, { body, onSent, signal, onLoad }: Asking = {}): Promise<Answer> {
    throwIfAborted(signal);
    const id = this.#asked++;
    const onAbort = (): void => {
      this.#abort(id);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const pending = new Pending(request, signal, onLoad, resolve, reject);
        if (this.#end !== undefined) {
          reject(this.#crash(pending));
          return;
        }
        this.#pending.set(id, pending);
        this.#watch.add(pending);
        this.child.keepAlive(true);
        writeFrame(this.child.channel, { id, ...request } satisfies ToChild, body, onSent);
      });
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends the process at once, and waits until it is gone. */
  async end(): Promise<void> {
    this.#end ??= "it was closed";
    this.child.kill();
    await this.child.ended;
  }

  #take(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    let frames: Frame[] = [];
    try {
      frames = this.#reader.push(bytes);
    } catch (error) {
      this.#end = `it answered nonsense, ${messageOf(error)}`;
      this.child.kill();
    }
    for (const { head, body } of frames) this.#hear(head as FromChild, body);
  }

  #hear({ id, progress, error, value }: FromChild, body: Uint8Array): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    if (progress !== undefined) {
      this.#watch.hear(pending);
      pending.onLoad?.(progress);
    } else if (error) {
      this.#settle(id, () => {
        pending.reject(errorOf(error));
      });
    } else {
      this.#settle(id, () => {
        pending.resolve({ value, body });
      });
    }
  }

  #settle(id: number, tell: () => void): void {
    const pending = this.#pending.get(id);
    if (pending) this.#watch.delete(pending);
    this.#pending.delete(id);
    if (this.#watch.isIdle) this.child.keepAlive(false);
    tell();
  }

  #abort(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending || this.#end !== undefined) return;
    this.#watch.hurry(pending, ABORTED_MS);
    writeFrame(this.child.channel, { abort: id } satisfies ToChild);
  }

  #crash({ request, signal, hung }: Pending): Error {
    if (signal?.aborted)
      return new TonescoreError("ERR_ABORTED", "Aborted by the caller.", { cause: signal.reason });
    const how = hung ? `it gave no sign of life for ${this.limitMs / 1000} s` : (this.#end ?? "");
    return new EngineCrash(how, { hung, whileReading: ofSession(request) !== undefined });
  }
}

function errorOf({ code, message }: NonNullable<FromChild["error"]>): Error {
  return code === undefined ? new Error(message) : new TonescoreError(code as ErrorCode, message);
}
