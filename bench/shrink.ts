// How far scores of pictures that are decoded smaller are from those of a full decode: `npx tsx bench/shrink.ts`.
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { join } from "node:path";
import sharp from "sharp";
import { createScorer } from "../src/index.js";
import { examples } from "./paths.js";

const sizes = [
  { width: 4000, height: 3000 },
  { width: 4608, height: 3456 },
  { width: 8192, height: 6144 },
] as const;
const photos = ["rider.jpg", "burger.jpg", "rider-blurred.jpg", "rider-noisy.jpg", "rider-compressed.jpg"];
const noises = [0, 8, 30];

/** A photograph as a larger sensor would give it, with the sensor's noise: the sum of two even ones. */
async function enlarge(photo: string, size: (typeof sizes)[number], noise: number): Promise<Buffer> {
  const large = sharp(join(examples, photo)).resize({ ...size, fit: "cover", kernel: "cubic" });
  const pixels = await large.raw().toBuffer();
  const random = xoroshiro128plus(1);
  const even = (): number => random.next() / 2 ** 31;
  for (let i = 0; noise > 0 && i < pixels.length; i++) {
    pixels[i] = Math.max(0, Math.min(255, (pixels[i] ?? 0) + 1.22 * noise * (even() + even())));
  }
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** A small box, where pictures are decoded smaller than elsewhere. */
const SHORT = 2 ** 22;

await using scorer = await createScorer({ views: "whole" });
await using short = await createScorer({ maxPixels: SHORT, views: "whole" });
const differences: number[] = [];
for (const size of sizes) {
  for (const photo of photos) {
    for (const noise of noises) {
      const file = await enlarge(photo, size, noise);
      const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
      const whole = await scorer.scoreImage({ data, width: info.width, height: info.height });
      for (const smaller of [scorer, short]) {
        const { input, score } = await smaller.scoreImage(file);
        if (input.treatment.length === 0) continue;
        const difference = score - whole.score;
        differences.push(Math.abs(difference));
        const found = [input.treatment.join(), whole.score.toFixed(4), difference.toFixed(4)];
        console.log([photo, `noise ${noise}`, ...found].join("  "));
      }
    }
  }
}
differences.sort((a, b) => a - b);
const middle = differences[differences.length >> 1] ?? NaN;
console.log(
  `${differences.length} pictures: median ${middle.toFixed(4)}, largest ${(differences.at(-1) ?? NaN).toFixed(4)}`,
);
