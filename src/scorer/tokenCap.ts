import type { Size } from "../media/picture.js";
import { tokensAtOwnSize } from "../models/families/imageTokens.js";
import type { NativeEncoderInfo } from "../native/addon.js";
import type { FamilyTreatment } from "../results/result.js";

/** Tells, once, that a picture is shown smaller than the model's authors would show it. */
export class TokenCap {
  #told = false;

  /** @param family as it is treated; undefined where the user said how many tokens there are at most. */
  constructor(
    private readonly family: FamilyTreatment | undefined,
    private readonly encoder: NativeEncoderInfo,
    private readonly tell: (text: string) => void,
  ) {}

  /** Looks at a picture as it is given to the model. */
  look(size: Size): void {
    const { imageMaxTokens, authorsMaxTokens } = this.family ?? {};
    if (this.#told || imageMaxTokens === undefined || authorsMaxTokens === undefined) return;
    if (tokensAtOwnSize(size, this.encoder) <= imageMaxTokens) return;
    this.#told = true;
    this.tell(
      `A picture of ${size.width} × ${size.height} pixels is shown to the model smaller, in ${imageMaxTokens} tokens, ` +
        `and so are others like it: for memory's sake, where its authors allow ${authorsMaxTokens}. ` +
        `--image-max-tokens ${authorsMaxTokens} (library: imageMaxTokens) shows it as they do.`,
    );
  }
}
