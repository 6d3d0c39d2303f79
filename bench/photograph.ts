import sharp from "sharp";
import { COUNTED } from "../src/native/memoryNeed.js";

/** Writes a photograph's worth of pixels: noise, which no decoder makes smaller. */
export async function photograph(path: string): Promise<void> {
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  await sharp({ create: { ...COUNTED, channels: 3, background: "grey", noise } })
    .jpeg({ quality: 60 })
    .toFile(path);
}
