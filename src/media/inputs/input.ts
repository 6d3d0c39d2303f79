import type { TonescoreError } from "../../errors.js";
import type { MediaKind } from "../formats.js";

/** A picture or a video that the user pointed at. */
export interface MediaInput {
  readonly kind: MediaKind;
  /** As the user wrote it, or below the folder that they wrote; `-` is stdin, of a kind that its first bytes tell. */
  readonly path: string;
  /** Bytes; 0 for stdin. */
  readonly size: number;
  /** Time of the last change in milliseconds; 0 for stdin. */
  readonly mtimeMs: number;
}

/** What the user pointed at and cannot be scored, and why. */
export interface FailedInput {
  readonly path: string;
  readonly error: TonescoreError;
}

export type Input = MediaInput | FailedInput;

export const STDIN = "-";
