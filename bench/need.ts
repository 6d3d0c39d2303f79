import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ScorerOptions } from "../src/index.js";
import { squareProjectors } from "../src/models/families/families.js";
import { nativeAddon } from "../src/native/load.js";
import { COUNTED, hostNeed } from "../src/native/memoryNeed.js";
import type { Benchmark, Context } from "./context.js";
import { memoryUsed } from "./memoryUsed.js";
import { scratch } from "./paths.js";
import { photograph } from "./photograph.js";
import type { Row } from "./row.js";

/** That a machine of two cores reads in a minute, of models that take pictures of any size. */
const TOKENS = 512;

interface Measured {
  readonly estimated: number;
  readonly used: number;
  readonly milliseconds: number;
}

async function measure({ model, threads }: Context, picture: string, lowMemory: boolean): Promise<Measured> {
  const files = { model: model.model, mmproj: model.mmproj };
  const { template } = model;
  const asked = { ...files, lowMemory, maxContext: 0, imageMinTokens: -1, imageMaxTokens: TOKENS };
  const need = await nativeAddon().measureNeed({ ...asked, ...COUNTED, gpuLayers: 0 });
  const estimated = hostNeed(need, {
    ...{ sessions: 1, lowMemory, maxPixels: Infinity },
    squares: squareProjectors,
  });
  const options: ScorerOptions = {
    ...{ ...files, imageMaxTokens: TOKENS, threads, gpu: "off", views: "whole" },
    ...(template !== undefined && { template }),
    ...(lowMemory && { lowMemory }),
  };
  const { bytes, milliseconds } = await memoryUsed(options, picture);
  return { estimated: estimated / 1e6, used: bytes / 1e6, milliseconds };
}

const row = (what: string, { estimated, used }: Measured): Row => ({
  what,
  unit: "MB",
  ours: [estimated],
  other: { name: "measured", values: [used] },
});

/** What a model is said to need before it is loaded, against what it then takes; and what little memory costs. */
export const need: Benchmark = async (context) => {
  await mkdir(scratch, { recursive: true });
  const picture = join(scratch, "12-megapixels.jpg");
  await photograph(picture);
  const usual = await measure(context, picture, false);
  const little = await measure(context, picture, true);
  const without = { name: "without it", values: [usual.milliseconds] };
  return [
    row("memory needed", usual),
    row("memory needed, --low-memory", little),
    { what: "a photograph, --low-memory", unit: "ms", ours: [little.milliseconds], other: without },
  ];
};
