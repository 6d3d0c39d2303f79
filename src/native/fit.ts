import { stat } from "node:fs/promises";
import { TonescoreError } from "../errors.js";
import { availableMemory } from "../util/availableMemory.js";
import { byteText } from "../util/byteText.js";
import type { NativeAddon, NativeNeed } from "./addon.js";
import type { MemoryUse } from "./engine.js";
import type { GpuUse } from "./gpu.js";
import { layersThatFit } from "./layersThatFit.js";
import { COUNTED, gpuNeed, hostNeed, leastNeed, type Manner, roughNeed } from "./memoryNeed.js";
import { sessionCount } from "./sessionCount.js";

interface Files {
  readonly model: string;
  readonly mmproj: string;
}

type Measure = (gpuLayers: number, more?: Partial<MemoryUse>) => Promise<NativeNeed>;

/** How much of a model goes to a GPU. */
export interface Placing {
  /** 0: none; negative: all. */
  readonly gpuLayers: number;
  /** Of those on the GPU, where it does not hold all of them. */
  readonly layers?: { readonly onGpu: number; readonly all: number };
}

/** With so much more than the files take, no need is measured. */
const isAmple = (free: number, bytes: number): boolean => free > 2 * bytes + 1.5e9;
/** Of a GPU's memory; some is its driver's. */
const GPU_SHARE = 0.95;
const FEWER_TOKENS = 512;

/**
 * Decides how much of a model goes to a GPU, and refuses one that does not fit into memory before any of it is loaded. What
 * cannot be measured is not refused here: loading it says what is wrong with it.
 * @param free stands in for what is free on this machine
 * @throws {TonescoreError} `ERR_OUT_OF_MEMORY` with what is needed, what is free, and what would fit
 */
export async function placeModel(
  addon: NativeAddon,
  files: Files,
  use: MemoryUse,
  { onGpu }: Pick<GpuUse, "onGpu">,
  free = availableMemory(),
): Promise<Placing> {
  const [text, vision] = await Promise.all([sizeOf(files.model), sizeOf(files.mmproj)]);
  const bytes = text + vision;
  const { lowMemory, maxPixels, squares } = use;
  const manner = { sessions: sessionCount(text, { ...use, onGpu }), lowMemory, maxPixels, squares };
  const measure: Measure = (gpuLayers, more = {}) =>
    addon.measureNeed({ ...files, ...use, ...more, ...COUNTED, gpuLayers });
  const whole: Placing = { gpuLayers: onGpu ? -1 : 0 };
  const placing = onGpu ? await onDevices(addon, measure, manner).catch(() => whole) : whole;
  if (isAmple(free, bytes)) return placing;
  const need = await measure(placing.gpuLayers).catch(() => undefined);
  if (!need || leastNeed(need, manner) <= free) return placing;
  const needed = byteText(hostNeed(need, manner));
  const ways = await waysOut({ bytes, free, need, use, manner, measure });
  throw new TonescoreError(
    "ERR_OUT_OF_MEMORY",
    `The model "${files.model}" needs about ${needed} of memory, and ${byteText(free)} are free. ${ways}`,
  );
}

/** 0 for what the addon will say is missing. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function onDevices(addon: NativeAddon, measure: Measure, manner: Manner): Promise<Placing> {
  const free = addon.devices().reduce((sum, device) => sum + (device.gpu ? device.free : 0), 0);
  const fits = async (gpuLayers: number): Promise<boolean> =>
    gpuNeed(await measure(gpuLayers), manner) <= GPU_SHARE * free;
  if (await fits(-1)) return { gpuLayers: -1 };
  const { layers } = await measure(0);
  const some = await layersThatFit(layers, fits);
  return { gpuLayers: some, layers: { onGpu: some, all: layers } };
}

interface Shortage {
  readonly bytes: number;
  readonly free: number;
  readonly need: NativeNeed;
  readonly use: MemoryUse;
  readonly manner: Manner;
  readonly measure: Measure;
}

async function waysOut({ bytes, free, need, use, manner, measure }: Shortage): Promise<string> {
  const ways: string[] = [];
  const little = { ...manner, sessions: 1, lowMemory: true };
  if (!use.lowMemory && leastNeed(await measure(0, { lowMemory: true }), little) <= free)
    ways.push("--low-memory");
  if (need.tokens > FEWER_TOKENS) {
    const fewer = await measure(0, { imageMaxTokens: FEWER_TOKENS });
    if (leastNeed(fewer, manner) <= free) ways.push(`--image-max-tokens ${FEWER_TOKENS}`);
  }
  const smaller = use.smaller.find((model) => model.bytes < bytes && roughNeed(model.bytes) <= free);
  if (smaller) ways.push(`--model ${smaller.name} (${byteText(smaller.bytes)})`);
  return ways.length === 0
    ? "Close other programs, or take a smaller model: tonescore models lists them."
    : `What fits: ${ways.join(", or ")}.`;
}
