// What Qwen's checkpoints have in common; their names differ by one level between the versions of transformers.
import { partOfEach } from "../tensors/rearrange.js";
import type { Rule } from "./rules.js";

/** Of a tensor of the language model; undefined for others. Layers that draft several tokens at once are left out. */
export const qwenTextName = (name: string): string | undefined =>
  /^(model\.)?(visual|mtp)\./.test(name) ? undefined : name.replace("language_model.", "");

/** Of a tensor of the picture encoder; undefined for others. */
export const qwenVisionName = (name: string): string | undefined =>
  /^(model\.)?visual\./.test(name) ? name.replace(/^model\./, "") : undefined;

/** Pictures are embedded as two moments of a video; each moment's kernel is a tensor of its own. */
export function momentRule(width: number, patch: number): Rule {
  const made = ["v.patch_embd.weight", "v.patch_embd.weight.1"].map((name, moment) => ({
    name,
    shape: [width, 3, patch, patch],
    type: "F16" as const,
    select: partOfEach(moment, width * 3, 2, patch * patch),
  }));
  return { shape: [width, 3, 2, patch, patch], made };
}
