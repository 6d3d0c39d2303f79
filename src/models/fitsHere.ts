import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { MAX_PIXELS } from "../media/maxPixels.js";
import type { NativeAddon } from "../native/addon.js";
import { nativeAddon } from "../native/load.js";
import { COUNTED, hostNeed, leastNeed, type Manner, roughNeed } from "../native/memoryNeed.js";
import { sessionCount } from "../native/sessionCount.js";
import { availableMemory } from "../util/availableMemory.js";
import { byteText } from "../util/byteText.js";
import { squareProjectors } from "./families/families.js";
import type { Listed } from "./inventory.js";
import type { ModelFiles } from "./resolve.js";

/** What a run asks that is given no options. */
const USUAL = { gpuLayers: 0, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 };

/**
 * Whether a model fits into the memory that is free now, without a GPU: `yes`, `with --low-memory`, or `no` and how much it
 * needs. The need of files that are here is measured; of others the size alone is known, and where it is not, nothing is
 * said.
 */
export async function fitsHere(
  { files, bytes }: Pick<Listed, "files" | "bytes">,
  free = availableMemory(),
  addon?: NativeAddon,
): Promise<string | undefined> {
  const measured = files && (await needOf(files, addon).catch(() => undefined)); // a damaged file, or no addon
  const needed = measured?.usual ?? (bytes === undefined ? undefined : roughNeed(bytes));
  if (needed === undefined) return undefined;
  if ((measured?.least ?? needed) <= free) return "yes";
  if (measured && measured.little <= free) return "with --low-memory";
  return `no: ${byteText(needed)}`;
}

interface Needed {
  readonly usual: number;
  readonly least: number;
  readonly little: number;
}

async function needOf(files: ModelFiles, addon = nativeAddon()): Promise<Needed> {
  const { size } = await stat(files.model);
  const threads = availableParallelism();
  const manner: Manner = {
    sessions: sessionCount(size, { onGpu: false, threads, lowMemory: false }),
    lowMemory: false,
    maxPixels: MAX_PIXELS,
    squares: squareProjectors,
  };
  const need = await addon.measureNeed({ ...files, ...USUAL, ...COUNTED, lowMemory: false });
  const little = await addon.measureNeed({ ...files, ...USUAL, ...COUNTED, lowMemory: true });
  return {
    usual: hostNeed(need, manner),
    least: leastNeed(need, manner),
    little: leastNeed(little, { ...manner, sessions: 1, lowMemory: true }),
  };
}
