import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ModelFiles } from "../src/index.js";
import { PICTURE_MARK } from "../src/prompts/prompt.js";

/** Where the picture stands in a prompt for the server. */
const MARKER = "<__media__>";
const START_MS = 120_000;

export interface PeerOptions extends ModelFiles {
  readonly server: string;
  readonly threads: number;
  /** Requests that the server works on at once. */
  readonly parallel: number;
  /** Tokens for each of them. */
  readonly context: number;
  readonly log: string;
}

export interface Request {
  /** As a run's header has it. */
  readonly prompt: string;
  /** An encoded picture, base64. */
  readonly picture: string;
  readonly cache?: boolean;
  /** How many of the likeliest next tokens to report; default 20, little enough to cost nothing. */
  readonly probabilities?: number;
  /** A token to generate whatever its probability, which is reported as it was before. */
  readonly forced?: string;
}

interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
}

interface Completion {
  readonly completion_probabilities: readonly { readonly top_logprobs: readonly TokenLogprob[] }[];
  /** Tokens of the prompt that were evaluated, and that the cache still had. */
  readonly timings: { readonly prompt_n: number; readonly cache_n: number };
}

/** llama-server on the loopback interface, on CPU. */
export class Peer implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly process: ChildProcess,
  ) {}

  /**
   * Resolves when the server answers that it is ready.
   * @throws where there is none, or it does not start.
   */
  static async start(options: PeerOptions): Promise<Peer> {
    if (!existsSync(options.server)) {
      const remedy = "Build it: test/reference/llama-server/build-server.sh";
      throw new Error(`No llama-server at ${options.server}. ${remedy}`);
    }
    const port = await freePort();
    const log = openSync(options.log, "w");
    const child = spawn(options.server, serverArguments(options, port), {
      stdio: ["ignore", log, log],
      env: { ...process.env, LLAMA_MEDIA_MARKER: MARKER },
    });
    const kill = (): void => void child.kill();
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const peer = new Peer(`http://127.0.0.1:${port}`, child);
    const end = performance.now() + START_MS;
    while (performance.now() < end && child.exitCode === null) {
      if (await peer.#healthy()) return peer;
      await sleep(5);
    }
    child.kill();
    throw new Error(`Expected llama-server to start, but it did not. See ${options.log}`);
  }

  async ask({ prompt, picture, cache = false, probabilities = 20, forced }: Request): Promise<Completion> {
    const response = await fetch(`${this.url}/completion`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        prompt: { prompt_string: prompt.replace(PICTURE_MARK, MARKER), multimodal_data: [picture] },
        n_predict: 1,
        n_probs: probabilities,
        temperature: 0,
        cache_prompt: cache,
        ...(forced !== undefined && { logit_bias: [[forced, 1000]] }),
      }),
    });
    if (!response.ok) throw new Error(`llama-server answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Completion;
  }

  async close(): Promise<void> {
    const exit = once(this.process, "exit");
    if (this.process.kill()) await exit;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #healthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`)).ok;
    } catch {
      return false;
    }
  }
}

/** What a careful user would set for this work: no GPU, no memory for prompts that never come back. */
function serverArguments(options: PeerOptions, port: number): string[] {
  const settings = {
    model: options.model,
    mmproj: options.mmproj,
    host: "127.0.0.1",
    port,
    threads: options.threads,
    parallel: options.parallel,
    "ctx-size": options.parallel * options.context,
    "cache-ram": 0,
    device: "none",
  };
  return [
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    "--no-warmup",
  ];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
