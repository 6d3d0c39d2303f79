import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { nativeAddon } from "../src/native/load.js";
import { COUNTED, hostNeed } from "../src/native/memoryNeed.js";
import type { Benchmark, Context } from "./context.js";
import { memoryUsed } from "./memoryUsed.js";
import { scratch } from "./paths.js";
import type { Row } from "./row.js";

/** That a machine of two cores reads in a minute, of models that take pictures of any size. */
const TOKENS = 512;

/** A photograph's size, and noise, which no decoder makes smaller. */
async function photograph(): Promise<string> {
  const path = join(scratch, "12-megapixels.jpg");
  await mkdir(scratch, { recursive: true });
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  await sharp({ create: { ...COUNTED, channels: 3, background: "grey", noise } })
    .jpeg({ quality: 60 })
    .toFile(path);
  return path;
}

async function row({ model, threads }: Context, picture: string, lowMemory: boolean): Promise<Row> {
  const files = { model: model.model, mmproj: model.mmproj };
  const { template } = model;
  const asked = { ...files, lowMemory, maxContext: 0, imageMinTokens: -1, imageMaxTokens: TOKENS };
  const need = await nativeAddon().measureNeed({ ...asked, ...COUNTED, gpuLayers: 0 });
  const estimated = hostNeed(need, { sessions: 1, lowMemory });
  const used = await memoryUsed(
    {
      ...{ ...files, imageMaxTokens: TOKENS, threads, gpu: "off", views: "whole" },
      ...(template !== undefined && { template }),
      ...(lowMemory && { lowMemory }),
    },
    picture,
  );
  return {
    what: lowMemory ? "memory needed, --low-memory" : "memory needed",
    unit: "MB",
    ours: [estimated / 1e6],
    other: { name: "measured", values: [used / 1e6] },
  };
}

/** What a model is said to need before it is loaded, against what it then takes. */
export const need: Benchmark = async (context) => {
  const picture = await photograph();
  return [await row(context, picture, false), await row(context, picture, true)];
};
