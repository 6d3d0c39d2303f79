import { setTimeout as pause } from "node:timers/promises";
import { EnvHttpProxyAgent, request } from "undici";
import { TonescoreError } from "../errors.js";
import { throwIfAborted } from "../util/abort.js";
import { duration } from "../util/duration.js";
import { version } from "../version.js";
import { tokenOf, type Hub } from "./environment.js";
import { downloadError, networkFailure, Transient } from "./failure.js";
import { refusal } from "./refusal.js";
import { patient, type Timing } from "./timing.js";

type Response = Awaited<ReturnType<typeof request>>;

/** What a server has to say, in the end. */
export interface Answer {
  readonly status: number;
  readonly headers: Response["headers"];
  readonly body: Response["body"];
}

const MOST_REDIRECTS = 5;

/**
 * Asks one server, by whatever proxy the environment names. @huggingface/hub is not what does it: it takes a cut download
 * up from its beginning, has no time limits, and neither locks nor names snapshots as the Python tools do.
 */
export class HubClient implements AsyncDisposable {
  readonly #agent: EnvHttpProxyAgent;

  private constructor(
    readonly hub: Hub,
    private readonly token: string | undefined,
    readonly timing: Timing,
  ) {
    this.#agent = new EnvHttpProxyAgent({
      connect: { timeout: timing.connect },
      headersTimeout: timing.silence,
      bodyTimeout: timing.silence,
    });
  }

  /** @throws {TonescoreError} `ERR_DOWNLOAD` where the user wants no network, `ERR_INVALID_ARGUMENT` */
  static async open(hub: Hub, timing = patient): Promise<HubClient> {
    if (hub.offline) {
      throw downloadError("Cannot download: HF_HUB_OFFLINE says that no server is to be asked. Unset it.");
    }
    return new HubClient(hub, await tokenOf(hub), timing);
  }

  /** The server as messages name it. */
  get host(): string {
    return this.hub.endpoint.host;
  }

  get hasToken(): boolean {
    return this.token !== undefined;
  }

  /**
   * What `use` makes of an answer of status 2xx; tried again where that may help.
   * @throws {TonescoreError} `ERR_DOWNLOAD`, `ERR_ABORTED`
   */
  async get<T>(
    path: string,
    about: string,
    use: (answer: Answer) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.persist(about, () => this.once(path, about, {}, use, signal), signal);
  }

  /** Tries as often as patience says. @param progressed how far it is; an attempt that brought something is none in vain. */
  async persist<T>(
    about: string,
    attempt: () => Promise<T>,
    signal?: AbortSignal,
    progressed: () => number = () => 0,
  ): Promise<T> {
    const { attempts, mostPause, pause: first } = this.timing;
    for (let vain = 1, before = progressed(); ; vain++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        if (progressed() > before) vain = 1;
        before = progressed();
        const wait = error.wait ?? first * 2 ** (vain - 1);
        if (vain >= attempts || wait > mostPause) throw this.#givenUp(about, error, progressed() > 0);
        await pause(wait, undefined, signal ? { signal } : {}).catch(() => undefined);
        throwIfAborted(signal);
      }
    }
  }

  /** One attempt. @throws {Transient} where another may go better */
  async once<T>(
    path: string,
    about: string,
    headers: Readonly<Record<string, string>>,
    use: (answer: Answer) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    throwIfAborted(signal);
    let url = new URL(path, this.hub.endpoint);
    try {
      for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
        const answer = await this.#ask(url, headers, signal);
        const next = nextOf(url, answer);
        if (next === undefined) return await this.#judged(about, answer, use);
        discard(answer.body);
        url = next;
      }
    } catch (error) {
      throwIfAborted(signal);
      throw isOwn(error) ? error : networkFailure(url.host, error);
    }
    throw downloadError(
      `Cannot download ${about}: ${this.host} sends from one address to the next without end.`,
    );
  }

  /** The token goes to the server that the user named, and to no other that an answer names. */
  async #ask(url: URL, more: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response> {
    const own = url.origin === this.hub.endpoint.origin;
    const headers = {
      "user-agent": `tonescore/${version}`,
      "accept-encoding": "identity", // lengths and ranges are those of the file
      ...more,
      ...(own && this.token !== undefined && { authorization: `Bearer ${this.token}` }),
    };
    return request(url, { dispatcher: this.#agent, headers, ...(signal && { signal }) });
  }

  async #judged<T>(about: string, answer: Response, use: (answer: Answer) => Promise<T>): Promise<T> {
    const { statusCode: status, headers, body } = answer;
    if (status >= 200 && status < 300) {
      try {
        return await use({ status, headers, body });
      } finally {
        discard(body);
      }
    }
    discard(body);
    throw refusal(about, { status, retryAfter: headers["retry-after"] }, this);
  }

  #givenUp(about: string, { message, wait, cause }: Transient, resumable: boolean): Error {
    const later = wait === undefined ? "Try again later" : `Try again in ${duration(wait / 1000)}`;
    const rest = resumable ? "; what is there already is gone on with" : "";
    return downloadError(`Cannot download ${about} from ${this.host}: ${message}. ${later}${rest}.`, cause);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

/** What is left of a body that nobody reads is of no interest, its end neither. */
function discard(body: Response["body"]): void {
  body.on("error", () => undefined);
  body.destroy();
}

/** Ours are judged already; anything else comes from the network. */
const isOwn = (error: unknown): boolean => error instanceof Transient || error instanceof TonescoreError;

function nextOf(url: URL, { statusCode, headers }: Response): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined;
  const location = [headers.location].flat()[0] ?? "";
  const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  if (next?.protocol === "https:" || (next?.protocol === "http:" && url.protocol === "http:")) return next;
  throw downloadError(
    `Cannot download from ${url.host}: it sends to an address that is none of the web's, or not a safe one.`,
  );
}
