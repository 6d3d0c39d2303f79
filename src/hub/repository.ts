import { parseJson } from "../util/json.js";
import { isRecord } from "../util/isRecord.js";
import { messageOf } from "../util/messageOf.js";
import type { Answer, HubClient } from "./client.js";
import { downloadError } from "./failure.js";

/** A file of a repository, as its server lists it. */
export interface RepositoryFile {
  /** Relative to the repository, with `/` between folders. */
  readonly name: string;
  readonly bytes: number;
  /** The SHA-256 of a large file (64 hexadecimal digits), Git's of a small one (40). */
  readonly hash: string;
}

/** A repository at one commit. */
export interface Listing {
  /** Such as `ggml-org/SmolVLM-256M-Instruct-GGUF`. */
  readonly repository: string;
  readonly commit: string;
  readonly files: readonly RepositoryFile[];
}

/** Of a listing's JSON; the longest known have a tenth of that. */
const MOST_BYTES = 32 * 2 ** 20;
/** No file of a model is larger. */
const MOST_FILE_BYTES = 2 ** 40;

const word = "[A-Za-z0-9][\\w.-]{0,95}";
const repositoryPattern = new RegExp(`^${word}/${word}$`);

/** Whether a text is an owner's name and a repository's, neither of which leads elsewhere. */
export const isRepository = (text: string): boolean => repositoryPattern.test(text) && !/\.\.|--/.test(text);

/** A name that cannot lead out of its folder, nor act on a terminal, on any system. */
export function isSafeName(name: string): boolean {
  const parts = name.split("/");
  return (
    name.length <= 255 && parts.every((part) => /^[\w+@=()-][\w .+@=()-]*$/.test(part) && !part.endsWith("."))
  );
}

/**
 * What a repository holds now; files of names that we would not write are left out.
 * @throws {TonescoreError} `ERR_DOWNLOAD`
 */
export async function listRepository(
  client: HubClient,
  repository: string,
  signal?: AbortSignal,
): Promise<Listing> {
  const about = `the repository ${repository}`;
  const path = `api/models/${repository}/revision/main?blobs=true`;
  const bytes = await client.get(path, about, wholeBody, signal);
  try {
    return { repository, ...read(parseJson(bytes)) };
  } catch (cause) {
    throw downloadError(
      `Cannot download ${about}: what ${client.host} lists cannot be read (${messageOf(cause)}). Is HF_ENDPOINT right?`,
      cause,
    );
  }
}

async function wholeBody({ body }: Answer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw downloadError(`Cannot download: a list of more than ${MOST_BYTES} bytes came.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function read(document: unknown): Pick<Listing, "commit" | "files"> {
  if (!isRecord(document)) throw new Error("it is no object");
  const { sha, siblings } = document;
  if (typeof sha !== "string" || !/^[0-9a-f]{40}$/.test(sha)) throw new Error("it names no commit");
  if (!Array.isArray(siblings)) throw new Error("it lists no files");
  return { commit: sha, files: siblings.flatMap(readFile) };
}

function readFile(entry: unknown): RepositoryFile[] {
  if (!isRecord(entry) || typeof entry.rfilename !== "string") return [];
  const { rfilename: name, size, blobId, lfs } = entry;
  const large = isRecord(lfs) ? lfs : undefined;
  const bytes = large ? large.size : size;
  const hash = large ? large.sha256 : blobId;
  const known =
    typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= MOST_FILE_BYTES;
  const hashed = typeof hash === "string" && (large ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(hash);
  return known && hashed && isSafeName(name) ? [{ name, bytes, hash }] : [];
}
