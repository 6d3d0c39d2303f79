// npx tsx bench/model/views/sizes.ts FOLDER...: does a score depend on how large a picture is? Every photograph is taken at
// four sizes, once cut out and once scaled down, as a camera's crops and exports are: the rank correlation of score and
// size over all of them, in which each photograph has every size, and the mean score at each size.
import sharp from "sharp";
import { findInputs, srcc } from "../../../src/index.js";
import { closeEyes, type Looks, lookAt, mean, table } from "./looks.js";

const SCALES = [1, 0.75, 0.5, 0.35];

async function sized(picture: string, scale: number, how: "cut" | "scaled"): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const middle = {
    ...{ left: Math.floor((width - size.width) / 2), top: Math.floor((height - size.height) / 2) },
    ...size,
  };
  const image = sharp(picture);
  const made = how === "cut" ? image.extract(middle) : image.resize({ ...size, fit: "fill" });
  return made.png({ compressionLevel: 1 }).toBuffer();
}

const paths: string[] = [];
for await (const input of findInputs(process.argv.slice(2))) {
  if (!("error" in input) && input.kind === "image") paths.push(input.path);
}
for (const how of ["cut", "scaled"] as const) {
  const seen: { looks: Looks; scale: number }[] = [];
  for (const path of paths) {
    for (const scale of SCALES) seen.push({ looks: await lookAt(await sized(path, scale, how)), scale });
  }
  console.log(
    `${paths.length} photographs ${how} to ${SCALES.join(", ")} of their sides; SRCC of score and size, mean score at each`,
  );
  table((way) => {
    const found = seen.map(({ looks, scale }) => ({ score: way(looks), scale }));
    const rank = srcc(
      found.map(({ score }) => score),
      found.map(({ scale }) => scale),
    );
    const means = SCALES.map((scale) =>
      mean(found.filter((row) => row.scale === scale).map(({ score }) => score)).toFixed(3),
    );
    return `${rank.toFixed(3).padStart(6)}  ${means.join("  ")}`;
  });
}
await closeEyes();
