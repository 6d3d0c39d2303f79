import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { BenchModel } from "./models.js";
import { examples, scratch } from "./paths.js";

/** The sizes of the folder's pictures, as multiples of the one picture's. */
const scales = [0.5, 0.75, 1, 1.5, 2, 3];

export async function photographs(): Promise<string[]> {
  const files = await readdir(examples);
  return files
    .filter((file) => file.endsWith(".jpg"))
    .sort()
    .map((file) => join(examples, file));
}

const jpeg = (photograph: string, width: number, height: number): Sharp =>
  sharp(photograph).resize(Math.round(width), Math.round(height)).jpeg({ quality: 90 });

/** A photograph in the size of a model's one picture, as a JPEG in memory. */
export const pictureOf = ({ picture: [width, height] }: BenchModel, photograph: string): Promise<Buffer> =>
  jpeg(photograph, width, height).toBuffer();

/** The picture that one benchmark asks about in all its rounds, as a JPEG in memory. */
export const onePicture = (model: BenchModel): Promise<Buffer> =>
  pictureOf(model, join(examples, "rider.jpg"));

/** Writes the folder of pictures, all of different content or size, and gives their paths. */
export async function makeFolder(model: BenchModel): Promise<{ folder: string; paths: string[] }> {
  const folder = join(scratch, `pictures-${model.name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sources = await photographs();
  const paths: string[] = [];
  for (let index = 0; index < model.folder; index++) {
    const source = sources[index % sources.length] ?? "";
    const scale = scales[index % scales.length] ?? 1;
    // A few pixels more each time round, so that no cache of the server ever sees a picture twice.
    const [width, height] = model.picture.map((side) => side * scale + 2 * Math.floor(index / 30)) as [
      number,
      number,
    ];
    const path = join(folder, `${String(index).padStart(2, "0")}.jpg`);
    await jpeg(source, width, height).toFile(path);
    paths.push(path);
  }
  return { folder, paths };
}
