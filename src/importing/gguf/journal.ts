import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isRecord } from "../../util/isRecord.js";
import { writeWhole } from "./writeWhole.js";

/** How far a file was written, kept beside it: what a run that was cut goes on from. */
export class Journal {
  constructor(
    readonly path: string,
    /** Of all that the file is made of: another one is not gone on with. */
    private readonly identity: string,
  ) {}

  /** Tensors that are on the disk whole; 0 where nothing is, or of something else. */
  async done(): Promise<number> {
    const text = await readFile(this.path, "utf8").catch(() => "null");
    try {
      const said: unknown = JSON.parse(text);
      const { identity, done } = isRecord(said) ? said : {};
      return identity === this.identity && Number.isSafeInteger(done) ? (done as number) : 0;
    } catch {
      return 0; // cut while it was written
    }
  }

  /** @throws {TonescoreError} `ERR_OUTPUT` */
  async keep(done: number): Promise<void> {
    await writeWhole(this.path, JSON.stringify({ identity: this.identity, done }));
  }
}

export const identityOf = (...parts: readonly (NodeJS.ArrayBufferView | string)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
};
