import { resolve } from "node:path";
import { ownProgram } from "../../places.js";
import type { NativeLogits, NativeModelInfo, NativeSessionOptions, TextSegment } from "../addon.js";
import {
  type Asked,
  type EncodedPicture,
  type Engine,
  type EngineFacts,
  type EngineOptions,
  type EngineSession,
  type OpenEngine,
  PicturesLost,
  type Pixels,
  type ReadOptions,
} from "../engine.js";
import type { Asking, Connection } from "./connection.js";
import { EngineCrash } from "./engineCrash.js";
import { type HeldPicture, toTokens, unpackReadings } from "./messages.js";
import { Processes } from "./processes.js";
import { type Child, startChild } from "./startChild.js";

/** An engine in a process of its own: what is fatal to it is an error here. */
class IsolatedEngine implements Engine {
  readonly info: NativeModelInfo;
  readonly llamaCpp: string;
  readonly backend: string;
  readonly onGpu: boolean;
  readonly warnings: readonly string[];
  readonly slowStart: string | undefined;

  constructor(
    private readonly processes: Processes,
    { info, llamaCpp, backend, onGpu, warnings, slowStart }: EngineFacts,
  ) {
    this.info = info;
    this.llamaCpp = llamaCpp;
    this.backend = backend;
    this.onGpu = onGpu;
    this.warnings = warnings;
    this.slowStart = slowStart;
  }

  tokenize(segments: readonly TextSegment[], addBos: boolean): Promise<Int32Array> {
    return this.processes.work(async (connection) => {
      const { body } = await connection.ask({ ask: "tokenize", segments, addBos });
      return new Int32Array(body.buffer, body.byteOffset, body.byteLength / Int32Array.BYTES_PER_ELEMENT);
    });
  }

  async openSession(options: NativeSessionOptions, signal?: AbortSignal): Promise<EngineSession> {
    const session = new IsolatedSession(this.processes, options);
    await session.open(signal);
    return session;
  }

  close(): Promise<void> {
    return this.processes.close();
  }
}

/** A picture that one process holds, and no other. */
class IsolatedPicture implements EncodedPicture {
  constructor(
    readonly connection: Connection,
    readonly id: number,
    readonly tokens: number,
  ) {}

  release(): void {
    const { connection, id: picture } = this;
    connection.ask({ ask: "release", picture }).catch(() => undefined); // gone with its process
  }
}

/** @throws {PicturesLost} */
function idIn(connection: Connection, picture: EncodedPicture): number {
  if (picture instanceof IsolatedPicture && picture.connection === connection) return picture.id;
  throw new PicturesLost();
}

/** A session that is opened anew in each process. */
class IsolatedSession implements EngineSession {
  #place: { readonly connection: Connection; readonly id: Promise<number> } | undefined;

  constructor(
    private readonly processes: Processes,
    private readonly options: NativeSessionOptions,
  ) {}

  async open(signal?: AbortSignal): Promise<void> {
    await this.processes.work((connection) => this.#in(connection, signal), signal);
  }

  /** They may have to be sent once more: only pixels that can be made again are taken before the end. */
  read(picture: Pixels, asked: readonly Asked[], options: ReadOptions = {}): Promise<NativeLogits[]> {
    const tokens = asked.map(toTokens);
    return this.#withPixels(picture, options, async (connection, { width, height }, sending) => {
      const session = await this.#in(connection);
      const request = { ask: "read", session, width, height, asked: tokens } as const;
      const { body } = await connection.ask(request, sending);
      return unpackReadings(body, asked);
    });
  }

  encode(picture: Pixels, options: ReadOptions = {}): Promise<IsolatedPicture> {
    return this.#withPixels(picture, options, async (connection, { width, height }, sending) => {
      const session = await this.#in(connection);
      const { value } = await connection.ask({ ask: "encode", session, width, height }, sending);
      const held = value as HeldPicture;
      return new IsolatedPicture(connection, held.picture, held.tokens);
    });
  }

  readTogether(
    pictures: readonly EncodedPicture[],
    asked: Asked,
    { signal }: Pick<ReadOptions, "signal"> = {},
  ): Promise<NativeLogits> {
    return this.processes.work(async (connection) => {
      const ids = pictures.map((picture) => idIn(connection, picture));
      const session = await this.#in(connection);
      const request = { ask: "readTogether", session, pictures: ids, asked: toTokens(asked) } as const;
      const { body } = await connection.ask(request, { signal });
      const [reading] = unpackReadings(body, [asked]);
      if (!reading) throw new Error("no reading");
      return reading;
    }, signal);
  }

  /** Does a job with pixels, which it may have to be given once more. */
  #withPixels<T>(
    picture: Pixels,
    { signal, onTaken, again }: ReadOptions,
    job: (connection: Connection, pixels: Pixels, sending: Asking) => Promise<T>,
  ): Promise<T> {
    let taken = false;
    const onSent = (): void => {
      taken = again !== undefined;
      if (taken) onTaken?.();
    };
    return this.processes.work(async (connection) => {
      const pixels = taken && again ? await again() : picture;
      return job(connection, pixels, { body: pixels.data, onSent, signal });
    }, signal);
  }

  async close(): Promise<void> {
    const { connection, id } = this.#place ?? {};
    try {
      if (connection && id) await connection.ask({ ask: "closeSession", session: await id });
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error; // it went with its process
    }
  }

  #in(connection: Connection, signal?: AbortSignal): Promise<number> {
    if (this.#place?.connection === connection) return this.#place.id;
    const opening = connection.ask({ ask: "openSession", options: this.options }, { signal });
    const place = { connection, id: opening.then(({ value }) => value as number) };
    place.id.catch(() => {
      if (this.#place === place) this.#place = undefined;
    });
    this.#place = place;
    return place.id;
  }
}

const ENGINE_PROGRAM = ownProgram("native/isolated/engineProgram");

/** Starts the process now, whatever model it will be: for a program that ends, and it with it, where none is opened. */
export function startIsolated(): OpenEngine {
  const child = startChild(ENGINE_PROGRAM);
  child.catch(() => undefined); // who opens a model is told
  return (options) => openIsolated(options, ENGINE_PROGRAM, child);
}

/**
 * Loads a model into a process of its own.
 * @param program what that process runs
 * @param started it, where it was started already
 * @throws {TonescoreError} as the engine in this process, and `ERR_ENGINE_CRASHED`
 */
export async function openIsolated(
  { model, mmproj, ...others }: EngineOptions,
  program = ENGINE_PROGRAM,
  started?: Promise<Child>,
): Promise<Engine> {
  // The process may be started again after the working directory has changed.
  const options = { ...others, model: resolve(model), mmproj: resolve(mmproj) };
  const processes = new Processes(options, program, started);
  return new IsolatedEngine(processes, await processes.open());
}
