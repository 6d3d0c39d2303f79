import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { nativeAddon } from "../src/native/load.js";
import { COUNTED, hostNeed } from "../src/native/memoryNeed.js";
import type { Benchmark, Context } from "./context.js";
import { memoryUsed } from "./memoryUsed.js";
import { scratch } from "./paths.js";
import { photograph } from "./photograph.js";
import type { Row } from "./row.js";

/** That a machine of two cores reads in a minute, of models that take pictures of any size. */
const TOKENS = 512;

async function row({ model, threads }: Context, picture: string, lowMemory: boolean): Promise<Row> {
  const files = { model: model.model, mmproj: model.mmproj };
  const { template } = model;
  const asked = { ...files, lowMemory, maxContext: 0, imageMinTokens: -1, imageMaxTokens: TOKENS };
  const need = await nativeAddon().measureNeed({ ...asked, ...COUNTED, gpuLayers: 0 });
  const estimated = hostNeed(need, { sessions: 1, lowMemory, maxPixels: Infinity });
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
  await mkdir(scratch, { recursive: true });
  const picture = join(scratch, "12-megapixels.jpg");
  await photograph(picture);
  return [await row(context, picture, false), await row(context, picture, true)];
};
