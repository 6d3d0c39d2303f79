import type { Readable } from "node:stream";
import { Framecrc, type FramecrcRow } from "./framecrc.js";
import { Mailbox } from "./mailbox.js";

/** The rows of a pipe of framecrc, for one reader to take one by one. */
export class Rows {
  readonly framecrc = new Framecrc();
  readonly #rows = new Mailbox<FramecrcRow>();

  constructor(pipe: Readable) {
    this.#read(pipe)
      .finally(() => {
        this.#rows.close();
      })
      .catch(() => undefined);
  }

  async #read(pipe: Readable): Promise<void> {
    for await (const row of this.framecrc.rows(pipe)) this.#rows.put(row);
  }

  take(): Promise<FramecrcRow | undefined> {
    return this.#rows.take();
  }
}
