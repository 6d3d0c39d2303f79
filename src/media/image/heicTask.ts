import type { Colour } from "../colour/colour.js";
import type { Size } from "../picture.js";

export interface HeicFile {
  readonly source: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** What a decoder is told: the colours from which it is to make sRGB, where no profile does. */
export interface HeicTask {
  readonly file: HeicFile;
  readonly size: Size;
  readonly colour: Colour | undefined;
}

/** Of a task for libheif. */
export interface LibheifTask extends HeicTask {
  /** Whether samples have more than 8 bits, and no opacity beside them. */
  readonly deep: boolean;
}
