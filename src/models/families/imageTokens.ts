import type { NativeEncoderInfo } from "../../native/addon.js";
import type { Family } from "./families.js";

/** Tokens a picture, for models of dynamic resolution; what is absent is left to libmtmd. */
export interface ImageTokens {
  readonly imageMinTokens?: number | undefined;
  readonly imageMaxTokens?: number | undefined;
}

/** Where a family allows more: its encoder's memory grows with their square, and these are libmtmd's own. */
const MOST = 4096;

/** What the user said, and else what the family asks for, as far as memory allows. */
export function imageTokens(
  family: Family | undefined,
  { imageMinTokens, imageMaxTokens }: ImageTokens,
): ImageTokens {
  if (!family?.tokens) return { imageMinTokens, imageMaxTokens };
  const { least, most } = family.tokens;
  return {
    imageMinTokens: imageMinTokens ?? Math.min(least, imageMaxTokens ?? least),
    imageMaxTokens: imageMaxTokens ?? Math.max(Math.min(most, MOST), imageMinTokens ?? 0),
  };
}

/** The tokens of a picture that is shown at its own size, as nearly as its encoder can. */
export function tokensAtOwnSize(
  { width, height }: { readonly width: number; readonly height: number },
  { patchSize, merged }: Pick<NativeEncoderInfo, "patchSize" | "merged">,
): number {
  const side = patchSize * (merged || 2);
  const along = (length: number): number => Math.max(1, Math.round(length / side));
  return along(width) * along(height);
}
