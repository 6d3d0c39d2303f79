import type { EncodedPicture, Engine, EngineOptions, EngineSession } from "../engine.js";
import { TonescoreError } from "../../errors.js";
import { freeMemory } from "../freeMemory.js";
import { messageOf } from "../../util/messageOf.js";
import { type Channel, type Frame, FrameReader, writeFrame } from "./frames.js";
import {
  bytesOf,
  type EncodeRequest,
  type FromChild,
  fromTokens,
  packReadings,
  type ReadRequest,
  type Request,
  type ToChild,
  type TogetherRequest,
} from "./messages.js";

type Answer = Pick<FromChild, "value"> & { readonly body?: Uint8Array };

type OpenHere = (options: Omit<EngineOptions, "timeLimit">) => Promise<Engine>;

interface Asking {
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
  readonly onLoad: (fraction: number) => void;
}

/** A session, and the end of what was asked of it so far. */
interface Served {
  readonly session: EngineSession;
  last: Promise<unknown>;
}

/** Answers what a host asks. */
class Server {
  readonly #underWay = new Map<number, AbortController>();
  readonly #sessions = new Map<number, Served>();
  readonly #pictures = new Map<number, EncodedPicture>();
  #engine: Engine | undefined;
  #opened = 0;
  #encoded = 0;

  constructor(
    private readonly channel: Channel,
    private readonly open: OpenHere,
  ) {}

  async take({ head, body }: Frame): Promise<void> {
    const request = head as ToChild;
    if ("abort" in request) {
      this.#underWay.get(request.abort)?.abort();
      return;
    }
    const { id } = request;
    const controller = new AbortController();
    const say = (words: Omit<FromChild, "id">, bytes?: Uint8Array): void => {
      writeFrame(this.channel, { id, ...words }, bytes);
    };
    this.#underWay.set(id, controller);
    const onLoad = (progress: number): void => {
      say({ progress });
    };
    try {
      const asking = { body, signal: controller.signal, onLoad };
      const { value = null, body: bytes } = await this.#answer(request, asking);
      say({ value }, bytes);
    } catch (error) {
      const code = error instanceof TonescoreError ? { code: error.code } : {};
      say({ error: { ...code, message: messageOf(error) } });
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #answer(request: Request, asking: Asking): Promise<Answer> {
    if (request.ask === "read") return this.#read(request, asking);
    if (request.ask === "encode") return this.#encode(request, asking);
    if (request.ask === "readTogether") return this.#readTogether(request, asking);
    if (request.ask === "release") {
      this.#pictures.get(request.picture)?.release();
      this.#pictures.delete(request.picture);
      return {};
    }
    if (request.ask === "open") return this.#load(request, asking);
    if (request.ask === "closeSession") {
      const served = this.#served(request.session);
      this.#sessions.delete(request.session);
      await served.last;
      await served.session.close();
      return {};
    }
    if (!this.#engine) throw new Error("no model is loaded");
    if (request.ask === "tokenize") {
      return { body: bytesOf(await this.#engine.tokenize(request.segments, request.addBos)) };
    }
    const session = await this.#engine.openSession(request.options, asking.signal);
    this.#sessions.set(++this.#opened, { session, last: Promise.resolve() });
    return { value: this.#opened };
  }

  async #load(
    { model, mmproj, gpu, memory }: Pick<EngineOptions, "model" | "mmproj" | "gpu" | "memory">,
    { signal, onLoad }: Asking,
  ): Promise<Answer> {
    this.#engine = await this.open({ model, mmproj, gpu, memory, signal, onLoad });
    const { info, llamaCpp, backend, onGpu, warnings, slowStart } = this.#engine;
    return { value: { info, llamaCpp, backend, onGpu, warnings, slowStart } };
  }

  async #read({ session, width, height, asked }: ReadRequest, asking: Asking): Promise<Answer> {
    const { body: data, signal } = asking;
    const onTaken = (): void => {
      freeMemory(data);
    };
    const readings = await this.#inOrder(session, (served) =>
      served.read({ data, width, height }, asked.map(fromTokens), { signal, onTaken }).finally(onTaken),
    );
    return { body: packReadings(readings) };
  }

  async #encode({ session, width, height }: EncodeRequest, asking: Asking): Promise<Answer> {
    const { body: data, signal } = asking;
    const onTaken = (): void => {
      freeMemory(data);
    };
    const encoded = await this.#inOrder(session, (served) =>
      served.encode({ data, width, height }, { signal, onTaken }).finally(onTaken),
    );
    const picture = ++this.#encoded;
    this.#pictures.set(picture, encoded);
    return { value: { picture, tokens: encoded.tokens } };
  }

  async #readTogether(request: TogetherRequest, { signal }: Asking): Promise<Answer> {
    const pictures = request.pictures.map((id) => {
      const picture = this.#pictures.get(id);
      if (!picture) throw new Error(`there is no picture ${id}`);
      return picture;
    });
    const reading = await this.#inOrder(request.session, (served) =>
      served.readTogether(pictures, fromTokens(request.asked), { signal }),
    );
    return { body: packReadings([reading]) };
  }

  /** One after the other, so that the host knows which picture is worked on. */
  #inOrder<T>(id: number, job: (session: EngineSession) => Promise<T>): Promise<T> {
    const served = this.#served(id);
    const work = served.last.then(() => job(served.session));
    served.last = work.catch(() => undefined);
    return work;
  }

  #served(id: number): Served {
    const served = this.#sessions.get(id);
    if (!served) throw new Error(`there is no session ${id}`);
    return served;
  }
}

/** Does what a host asks over a channel, with an engine of this process. */
export function serve(channel: Channel, open: OpenHere): void {
  const server = new Server(channel, open);
  const reader = new FrameReader();
  channel.onBytes((bytes) => {
    for (const frame of reader.push(bytes)) void server.take(frame);
  });
}
