// Twelve kinds of damage in five strengths each, from barely visible to strong, made by ffmpeg: none of the training's
// own code, so that the model is not tested on its own generator.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Attribute = "sharpness" | "noise" | "compression" | "exposure" | "contrast" | "colour";

export interface Ladder {
  readonly name: string;
  /** What it damages. */
  readonly attribute: Attribute;
  readonly strengths: readonly [number, number, number, number, number];
  /** Writes the damaged picture to a file in `folder` and gives its path. */
  readonly damage: (picture: string, strength: number, folder: string) => Promise<string>;
}

async function ffmpeg(args: readonly string[], output: string): Promise<string> {
  await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args, output]);
  return output;
}

type Filter = (strength: number) => string;

const filtered =
  (filter: Filter): Ladder["damage"] =>
  (picture, strength, folder) =>
    ffmpeg(["-i", picture, "-vf", `${filter(strength)},format=rgb24`], join(folder, "damaged.png"));

const jpeg: Ladder["damage"] = (picture, strength, folder) =>
  ffmpeg(["-i", picture, "-c:v", "mjpeg", "-q:v", String(strength)], join(folder, "damaged.jpg"));

const video: Ladder["damage"] = async (picture, strength, folder) => {
  const even = ["-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2"]; // chroma has half the size
  const encoder = [...even, "-c:v", "libx264", "-crf", String(strength), "-pix_fmt", "yuv420p"];
  const clip = await ffmpeg(["-i", picture, ...encoder], join(folder, "clip.mp4"));
  return ffmpeg(["-i", clip, "-vf", "format=rgb24"], join(folder, "damaged.png"));
};

const impulse: Filter = (share) => {
  const channel = (plane: string): string => `if(lt(ld(0),${share}),255*lt(ld(1),0.5),${plane}(X,Y))`;
  const draws = "st(0,random(2))*0+st(1,random(3))*0+";
  return `format=gbrp,geq=r='${draws}${channel("r")}':g='${draws}${channel("g")}':b='${draws}${channel("b")}'`;
};
const exposure: Filter = (stops) => `format=gbrpf32,exposure=exposure=${stops}`;
const smaller: Filter = (by) => `scale=iw/${by}:ih/${by}:flags=area,scale=iw*${by}:ih*${by}:flags=bicubic`;
const warmer: Filter = (by) => `format=gbrp,colorchannelmixer=rr=${by}:bb=${1 / by}`;

type Row = readonly [Ladder["name"], Attribute, Ladder["strengths"], Ladder["damage"]];

const rows: readonly Row[] = [
  ["Gaussian blur", "sharpness", [0.7, 1.2, 2, 3.2, 5], filtered((s) => `format=gbrp,gblur=sigma=${s}`)],
  ["motion blur", "sharpness", [2, 4, 7, 12, 18], filtered((s) => `format=gbrp,dblur=angle=30:radius=${s}`)],
  ["low resolution", "sharpness", [1.3, 1.7, 2.4, 3.5, 5], filtered(smaller)],
  ["Gaussian noise", "noise", [6, 12, 20, 32, 50], filtered((s) => `format=gbrp,noise=alls=${s}:all_seed=7`)],
  ["impulse noise", "noise", [0.002, 0.006, 0.015, 0.035, 0.08], filtered(impulse)],
  ["JPEG", "compression", [5, 9, 14, 21, 31], jpeg],
  ["H.264", "compression", [28, 33, 38, 43, 48], video],
  ["overexposure", "exposure", [0.4, 0.8, 1.3, 1.9, 2.6], filtered(exposure)],
  ["underexposure", "exposure", [-0.5, -1, -1.7, -2.5, -3], filtered(exposure)],
  ["low contrast", "contrast", [0.85, 0.7, 0.55, 0.4, 0.25], filtered((s) => `eq=contrast=${s}`)],
  ["less colour", "colour", [0.75, 0.55, 0.35, 0.15, 0], filtered((s) => `eq=saturation=${s}`)],
  ["colour cast", "colour", [1.08, 1.16, 1.26, 1.38, 1.5], filtered(warmer)],
];

export const ladders: readonly Ladder[] = rows.map(([name, attribute, strengths, damage]) => ({
  name,
  attribute,
  strengths,
  damage,
}));
