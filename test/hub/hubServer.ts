import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hubOf, type Hub } from "../../src/hub/environment.js";
import type { Timing } from "../../src/hub/timing.js";

/** Less patience than users have. */
export const impatient: Timing = { connect: 2000, silence: 150, attempts: 3, pause: 5, mostPause: 1000 };

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const gitHash = (bytes: Buffer): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

/** Answers in place of the server; true where it has. */
type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Repository {
  readonly commit: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

/** A server that answers as the Hugging Face Hub does, on this machine. */
export class HubServer implements AsyncDisposable {
  readonly repositories = new Map<string, Repository>();
  /** Method and path of what was asked, in order. */
  readonly asked: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  readonly ranges: (string | undefined)[] = [];
  misbehave: Misbehaviour = () => false;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<HubServer> {
    const server = createServer();
    const hub = new HubServer(server);
    server.on("request", (request, response) => {
      hub.#answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  serve(name: string, files: Readonly<Record<string, Buffer>>, commit = "1".repeat(40)): void {
    this.repositories.set(name, { commit, files });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "", headers } = request;
    this.asked.push(`${method} ${url}`);
    this.authorizations.push(headers.authorization);
    this.ranges.push(headers.range);
    if (this.misbehave(request, response)) return;
    const [, owner, name, rest = ""] = /^\/(?:api\/models\/)?([^/]+)\/([^/]+)\/(.*)$/.exec(url) ?? [];
    const repository = this.repositories.get(`${owner}/${name}`);
    if (!repository) response.writeHead(404).end();
    else if (url.startsWith("/api/")) list(repository, response);
    else send(repository, decodeURIComponent(rest.replace(/^resolve\/[^/]+\//, "")), request, response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function list({ commit, files }: Repository, response: ServerResponse): void {
  const siblings = Object.entries(files).map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    blobId: gitHash(bytes),
    ...(rfilename.endsWith(".gguf") && {
      lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 130 },
    }),
  }));
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ id: "x", sha: commit, private: false, gated: false, siblings }));
}

function send(
  { commit, files }: Repository,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const bytes = files[name];
  if (!bytes) {
    response.writeHead(404).end();
    return;
  }
  const etag = name.endsWith(".gguf") ? sha256(bytes) : gitHash(bytes);
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    etag: `"${etag}"`,
    "x-repo-commit": commit,
    "accept-ranges": "bytes",
    "content-length": bytes.length - start,
    ...(start > 0 && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  response.end(request.method === "HEAD" ? undefined : bytes.subarray(start));
}

/** A home of its own for what is downloaded. */
export async function emptyHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), "tonescore-hub-"));
}

export const removeHome = (home: string): Promise<void> => rm(home, { recursive: true, force: true });

export const hubAt = (home: string, server: Pick<HubServer, "url">, token?: string): Hub =>
  hubOf({ HF_HOME: home, HF_ENDPOINT: server.url, ...(token !== undefined && { HF_TOKEN: token }) });

/** Bytes that are not all the same. */
export const content = (length: number, seed = 1): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 7 + (index >> 8)) & 255));

export const failureOf = async (promise: Promise<unknown>): Promise<{ code?: string; message: string }> => {
  try {
    await promise;
  } catch (error) {
    return error as { code?: string; message: string };
  }
  throw new Error("expected an error");
};
