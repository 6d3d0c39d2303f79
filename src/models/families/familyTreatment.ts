import type { FamilyTreatment } from "../../results/result.js";
import type { Family } from "./families.js";
import type { ImageTokens } from "./imageTokens.js";

/** What a header says of the family, and of the tokens that were used. */
export function familyTreatment(
  { name, squarePad, tokens }: Family,
  { imageMinTokens, imageMaxTokens }: ImageTokens,
): FamilyTreatment {
  const isCapped = tokens !== undefined && imageMaxTokens !== undefined && imageMaxTokens < tokens.most;
  return {
    name,
    ...(squarePad && { squarePad }),
    ...(imageMinTokens !== undefined && { imageMinTokens }),
    ...(imageMaxTokens !== undefined && { imageMaxTokens }),
    ...(isCapped && { authorsMaxTokens: tokens.most }),
  };
}
