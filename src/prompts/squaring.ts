import type { Squaring } from "../media/image/square.js";
import type { Preset } from "./preset.js";

/** How a preset's pictures become squares: as it says, or else as those of the model's family do. */
export function squaringOf(
  { picture }: Pick<Preset, "picture">,
  family: Pick<Squaring, "squarePad"> = {},
): Squaring {
  if (picture.centreCut) return { centreCut: true };
  const { squarePad = family.squarePad } = picture;
  return squarePad ? { squarePad } : {};
}
