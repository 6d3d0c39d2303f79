import { untilAborted } from "../../util/abort.js";
import { Budget } from "../../util/budget.js";
import { messageOf } from "../../util/messageOf.js";
import { EngineLost } from "../../errors.js";
import type { EngineFacts, EngineOptions } from "../engine.js";
import { type Asking, Connection } from "./connection.js";
import { EngineCrash } from "./engineCrash.js";
import { type Child, startChild } from "./startChild.js";

/** A job that is to be alone has all turns, others have one each. */
const ALL_TURNS = 1e6;

interface Opened {
  readonly connection: Connection;
  readonly facts: EngineFacts;
}

/** An engine's process, started again with the model loaded when it is needed and has ended. */
export class Processes {
  readonly #turns = new Budget(ALL_TURNS);
  #present: Promise<Opened> | undefined;

  /** @param started the first one, where it was started already */
  constructor(
    private readonly options: EngineOptions,
    private readonly program: URL,
    private started?: Promise<Child>,
  ) {}

  /**
   * Starts the first one.
   * @throws {TonescoreError} `ERR_ENGINE_CRASHED`, and what the engine throws
   */
  async open(): Promise<EngineFacts> {
    const { signal, onLoad } = this.options;
    try {
      return (await this.#connect({ signal, onLoad })).facts;
    } catch (error) {
      throw error instanceof EngineCrash ? error.toError() : error;
    }
  }

  /**
   * Does a job with the engine. Where the process ends meanwhile, the job is done once more with no other beside it: if
   * it happens again, this one is to blame.
   * @throws {TonescoreError} `ERR_ENGINE_CRASHED`, and what the job throws
   */
  async work<T>(job: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await this.#attempt(1, job, signal);
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error;
      if (error.circumstances.hung) throw error.toError();
    }
    try {
      return await this.#attempt(ALL_TURNS, job, signal);
    } catch (error) {
      throw error instanceof EngineCrash ? error.toError() : error;
    }
  }

  /** Waits for what is under way, then ends the process. */
  async close(): Promise<void> {
    const done = await this.#turns.take(ALL_TURNS);
    const present = await this.#present?.catch(() => undefined);
    await present?.connection.end();
    done();
  }

  async #attempt<T>(
    turns: number,
    job: (connection: Connection) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const done = await this.#turns.take(turns, signal);
    try {
      const { connection } = await untilAborted(this.#connect(), signal);
      return await job(connection);
    } finally {
      done();
    }
  }

  #connect(asking: Asking = {}): Promise<Opened> {
    if (this.#present) return this.#present;
    const starting = this.#start(asking);
    const forget = (): void => {
      if (this.#present === starting) this.#present = undefined;
    };
    starting.then(({ connection }) => connection.ended.then(forget), forget);
    return (this.#present = starting);
  }

  async #start(asking: Asking): Promise<Opened> {
    const starting = this.started ?? startChild(this.program);
    this.started = undefined;
    const child = await starting.catch((error: unknown) => {
      const remedy = "Score without one: isolate: false, --no-isolate.";
      const message = `The engine's process could not be started (${messageOf(error)}). ${remedy}`;
      throw new EngineLost(message, { cause: error });
    });
    const connection = new Connection(child, 1000 * this.options.timeLimit);
    const { model, mmproj, gpu, memory } = this.options;
    try {
      const { value } = await connection.ask({ ask: "open", model, mmproj, gpu, memory }, asking);
      return { connection, facts: value as EngineFacts };
    } catch (error) {
      await connection.end();
      throw error;
    }
  }
}
