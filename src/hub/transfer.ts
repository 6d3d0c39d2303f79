import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { constants, type FileHandle, open, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Answer, HubClient } from "./client.js";
import { diskFailure, downloadError, Transient } from "./failure.js";
import type { RepositoryFile } from "./repository.js";

/** What is fetched, and where from. */
export interface Source {
  readonly client: HubClient;
  readonly repository: string;
  readonly commit: string;
  readonly file: RepositoryFile;
}

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that are there. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Fetches a file to a path, from where an earlier attempt has ended, and holds what is on the disk against its hash. Each
 * byte is written to its own place, so that two that write at once write the same.
 * @throws {TonescoreError} `ERR_DOWNLOAD`, `ERR_ABORTED`
 */
export async function transfer(source: Source, path: string, options: TransferOptions): Promise<void> {
  const resumed = await fill(source, path, options);
  if (await isWhole(path, source.file, options.signal)) return;
  await rm(path, { force: true });
  if (resumed) {
    // An earlier attempt's bytes may be at fault: once more, with none of them.
    await fill(source, path, options);
    if (await isWhole(path, source.file, options.signal)) return;
    await rm(path, { force: true });
  }
  const { client, file, repository } = source;
  throw downloadError(
    `Cannot download ${file.name} of ${repository} from ${client.host}: the bytes that came are not those that it lists (their hash differs). They are deleted; try again, or ask whoever runs the server.`,
  );
}

/** @returns whether there was something to go on with */
async function fill(source: Source, path: string, { signal, onBytes }: TransferOptions): Promise<boolean> {
  const { client, file, repository, commit } = source;
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT).catch((cause: unknown) => {
    throw diskFailure(path, cause);
  });
  try {
    const { size } = await handle.stat();
    const target = new Target(handle, path, file, size > file.bytes ? 0 : size, onBytes);
    if (size > file.bytes) await handle.truncate();
    const resumed = target.have > 0;
    const url = [repository, "resolve", commit, ...file.name.split("/").map(encodeURIComponent)].join("/");
    const about = `${file.name} of ${repository}`;
    const attempt = async (): Promise<void> => {
      const headers = target.have > 0 ? { range: `bytes=${target.have}-` } : undefined;
      await client.once(url, about, headers ?? {}, (answer) => target.take(answer, about), signal);
    };
    if (target.have < file.bytes) await client.persist(about, attempt, signal, () => target.have);
    await handle.sync();
    return resumed;
  } finally {
    await handle.close();
  }
}

class Target {
  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly file: RepositoryFile,
    /** Bytes from the beginning that are there. */
    public have: number,
    private readonly onBytes: ((bytes: number) => void) | undefined,
  ) {
    onBytes?.(have);
  }

  async take({ status, headers, body }: Answer, about: string): Promise<void> {
    this.have = this.#start(status, [headers["content-range"]].flat()[0]);
    const announced = [headers["content-length"]].flat()[0];
    const left = this.file.bytes - this.have;
    if (announced !== undefined && Number(announced) !== left) {
      throw this.#liar(about, `${announced} bytes are announced where ${left} are missing`);
    }
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (this.have + chunk.length > this.file.bytes) {
        throw this.#liar(about, `more than its ${this.file.bytes} bytes come`);
      }
      await this.#write(chunk);
      this.have += chunk.length;
      this.onBytes?.(this.have);
    }
    if (this.have < this.file.bytes) throw new Transient("the connection was cut");
  }

  /** Where the server's bytes begin: it may send a part, or all from the beginning whatever it was asked. */
  #start(status: number, range = ""): number {
    if (status !== 206) return 0;
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
    const fits = Number(start) === this.have && (total === "*" || Number(total) === this.file.bytes);
    if (fits) return this.have;
    throw new Transient("it sends another part of the file than was asked for");
  }

  async #write(chunk: Buffer): Promise<void> {
    try {
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await this.handle.write(chunk, done, chunk.length - done, this.have + done);
        done += bytesWritten;
      }
    } catch (cause) {
      throw diskFailure(this.path, cause);
    }
  }

  #liar(about: string, what: string): Error {
    return downloadError(
      `Cannot download ${about}: ${what}. The server, or a proxy before it, does not keep its word.`,
    );
  }
}

/** Whether a file on the disk has the bytes that its hash is of. */
async function isWhole(
  path: string,
  { hash, bytes }: RepositoryFile,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const sum = createHash(hash.length === 64 ? "sha256" : "sha1");
  if (hash.length !== 64) sum.update(`blob ${bytes}\0`); // as Git hashes small files
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) }), sum);
  return sum.digest("hex") === hash;
}
