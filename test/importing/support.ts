import { expect } from "chai";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TonescoreError } from "../../src/errors.js";

export const checkpoints = fileURLToPath(new URL("../reference/importing/checkpoints", import.meta.url));

/** A temporary folder that goes with the block that it is declared in. */
export async function temporary(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "tonescore-import-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A copy of one of the small checkpoints, to be spoiled. */
export async function copyOf(name: string): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporary();
  const path = join(folder.path, name);
  await cp(join(checkpoints, name), path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** The one error that something ends with. */
export async function failure(job: Promise<unknown>): Promise<TonescoreError> {
  const error = await job.then(
    () => expect.fail("expected an error"),
    (reason: unknown) => reason,
  );
  if (error instanceof TonescoreError) return error;
  throw error;
}

/** Changes a file of JSON. */
export async function change(path: string, edit: (content: Record<string, unknown>) => void): Promise<void> {
  const content = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  edit(content);
  await writeFile(path, JSON.stringify(content));
}

/** A safetensors file with this header, and so many bytes after it. */
export function safetensors(header: unknown, bytes = 0, claimed?: number): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimed ?? text.length));
  return Buffer.concat([length, text, Buffer.alloc(bytes)]);
}
