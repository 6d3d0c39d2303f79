import { basename } from "node:path";

/** Whether a GGUF is a picture encoder, by its name. */
export const isMmproj = (file: string): boolean => /mmproj/i.test(basename(file));

/** How many words the names of two files share: `mmproj-SmolVLM-f16` is more like `SmolVLM-Q8_0` than like `Qwen`. */
export function likeness(mmproj: string, model: string): number {
  const words = (path: string): Set<string> =>
    new Set(basename(path, ".gguf").toLowerCase().split(/[-_.]/).filter(Boolean));
  const ofModel = words(model);
  return [...words(mmproj)].filter((word) => ofModel.has(word)).length;
}
