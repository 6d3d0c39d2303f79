import type { CheckpointFolder } from "./checkpoint/folder.js";

/** What a checkpoint's README.md says of it. */
export interface Card {
  /** Such as `apache-2.0`; undefined where nothing is said. */
  readonly licence: string | undefined;
}

const MOST_BYTES = 4e6;

/** Reads the plain lines of a card's head: what is more than a word is left to who reads it. */
export async function readCard(folder: CheckpointFolder): Promise<Card> {
  const bytes = await folder.bytes("README.md", MOST_BYTES);
  const [, head] = /^---\r?\n([^]*?)\r?\n---\r?(?:\n|$)/.exec(bytes?.toString("utf8") ?? "") ?? [];
  const [, licence] = /^license:[ \t]*["']?([\w.+-]{1,64})["']?[ \t]*\r?$/m.exec(head ?? "") ?? [];
  return { licence };
}
