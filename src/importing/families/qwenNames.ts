// The names that Qwen's checkpoints use, which differ by one level between the versions of transformers.

/** Of a tensor of the language model; undefined for others. Layers that draft several tokens at once are left out. */
export const qwenTextName = (name: string): string | undefined =>
  /^(model\.)?(visual|mtp)\./.test(name) ? undefined : name.replace("language_model.", "");

/** Of a tensor of the picture encoder; undefined for others. */
export const qwenVisionName = (name: string): string | undefined =>
  /^(model\.)?visual\./.test(name) ? name.replace(/^model\./, "") : undefined;
