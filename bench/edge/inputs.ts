import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { examples, scratch } from "../paths.js";

export interface Input {
  readonly name: string;
  readonly path: string;
}

/** Of 4:3, as cameras have them. */
const pictures = [
  { name: "picture of 0.3 megapixels", width: 640, height: 480 },
  { name: "picture of 12 megapixels", width: 4000, height: 3000 },
  { name: "picture of 48 megapixels", width: 8000, height: 6000 },
  { name: "the same, progressive", width: 8000, height: 6000, progressive: true },
];

/** JPEGs of these sizes, and the clip of the examples. */
export async function makeInputs(): Promise<Input[]> {
  const folder = join(scratch, "edge");
  await mkdir(folder, { recursive: true });
  const made: Input[] = [];
  for (const [index, { name, width, height, progressive = false }] of pictures.entries()) {
    const path = join(folder, `${index}.jpg`);
    const photograph = sharp(join(examples, "rider.jpg")).resize(width, height);
    await photograph.jpeg({ quality: 90, progressive }).toFile(path);
    made.push({ name, path });
  }
  return [...made, { name: "clip of 4 seconds", path: join(examples, "clip.mp4") }];
}
