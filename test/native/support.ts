import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NativeModel, NativeSession, NativeSessionOptions } from "../../src/native/addon.js";
import type { MemoryUse } from "../../src/native/engine.js";
import { nativeAddon } from "../../src/native/load.js";

const folder = fileURLToPath(new URL("../fixtures/models/", import.meta.url));

/** The random-weight model pairs that make.py wrote, by family. */
export const families = readdirSync(folder)
  .filter((file) => file.endsWith(".gguf") && !file.includes("mmproj"))
  .map((file) => file.replace(".gguf", ""));

export const filesOf = (family: string): { model: string; mmproj: string } => ({
  model: join(folder, `${family}.gguf`),
  mmproj: join(folder, `${family}.mmproj.gguf`),
});

/** What a scorer asks of a model where its user says nothing. */
export const usual: MemoryUse = {
  ...{ threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 },
  lowMemory: false,
  maxPixels: Infinity,
  squares: [],
  smaller: [],
};

export const loadFamily = (family: string): Promise<NativeModel> =>
  nativeAddon().loadModel({ ...filesOf(family), gpuLayers: 0 }, () => undefined);

export const openSession = (
  model: NativeModel,
  options: Partial<NativeSessionOptions> = {},
): Promise<NativeSession> =>
  model.createSession({ threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1, ...options });

/** A picture of smooth gradients under noise: the same for the same size and seed. */
export function testPicture(width: number, height: number, seed = 1): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let state = seed;
  for (let i = 0; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const pixel = Math.floor(i / 3);
    const gradient =
      (255 * (i % 3 === 0 ? pixel % width : Math.floor(pixel / width))) / Math.max(width, height);
    rgb[i] = (gradient + (state >>> 26)) & 255;
  }
  return rgb;
}

/** Text after the picture, as tokens, with the first few tokens of the vocabulary as targets. */
export const continuation = (
  model: NativeModel,
  text: string,
): { tokens: Int32Array; targets: Int32Array } => ({
  tokens: model.tokenize([{ text, special: true }], false),
  targets: Int32Array.from({ length: 9 }, (_, i) => i + Math.min(260, model.info.vocabularySize - 10)),
});
