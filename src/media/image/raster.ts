import type { Metadata, Sharp } from "sharp";
import { sharp } from "./sharp.js";
import { expected } from "../../util/expected.js";
import type { FileType } from "../formats.js";
import { firstFrame } from "./gif.js";
import { type Conversion } from "../colour/light.js";
import type { Picture, RgbImage, Size } from "../picture.js";
import { readHeif } from "./heif.js";
import { readPng } from "./png.js";
import { type Need, shrunkSize } from "./shrink.js";
import { type ColourWay, colourWayOf } from "./stillColour.js";
import { inThread } from "./thread.js";
import { toUpright, turningOf } from "./upright.js";

// A run sees each picture once, so nothing that libvips could keep would ever be used again; and the cores
// belong to inference and to other pictures, not to several threads on this one.
sharp.cache(false);
sharp.concurrency(1);

/** Transparency shows the page behind it, and the page that nearly every viewer and browser has is white. */
const PAGE = { r: 255, g: 255, b: 255 };

/** A picture whose header has been read, by sharp. */
export interface Raster {
  readonly bytes: Uint8Array;
  readonly type: FileType;
  readonly meta: Metadata;
  readonly name: string;
  /** As it will be decoded, upright. */
  readonly size: Size;
}

/** libvips reads image sequences that have a still only where they are called stills. */
function asStill(bytes: Uint8Array): Uint8Array {
  const isSequence = Buffer.from(bytes.subarray(4, 12)).toString("latin1") === "ftypavis";
  if (!isSequence) return bytes;
  const still = Buffer.from(bytes);
  still.write("avif", 8, "latin1");
  return still;
}

interface Opening {
  readonly failOn: "none" | "error" | "warning";
  readonly ignoreIcc?: boolean;
  readonly autoOrient?: boolean;
}

const open = (bytes: Uint8Array, { autoOrient = true, ...options }: Opening): Sharp =>
  sharp(asStill(bytes), { limitInputPixels: false, autoOrient, ...options });

/** What libvips decodes row by row; it holds all others as a whole, whatever is made of them. */
const byRows = (type: FileType, { isProgressive }: Metadata): boolean =>
  !isProgressive && ["JPEG", "PNG", "TIFF"].includes(type);

/** Reads a header. */
export async function openRaster(
  bytes: Uint8Array,
  type: FileType,
  name: string,
  { enough, ...need }: Need,
): Promise<Raster> {
  const meta = await open(bytes, { failOn: type === "JPEG" ? "none" : "error" }).metadata();
  const size = shrunkSize(meta.autoOrient, { ...need, enough: byRows(type, meta) ? enough : undefined });
  return { bytes, type, meta, name, size };
}

function countFrames({ type, bytes, meta }: Raster): number {
  if (type === "PNG") return readPng(bytes).frames;
  if (type === "AVIF") return readHeif(bytes).frames;
  return meta.pages ?? 1;
}

function treatmentOf(raster: Raster, way: ColourWay, flattened: boolean): string[] {
  const { meta, type, size } = raster;
  const frames = countFrames(raster);
  const { width, height } = meta.autoOrient;
  return [
    ...(frames > 1 ? [`first of ${frames} ${type === "TIFF" ? "pages" : "frames"}`] : []),
    ...((meta.orientation ?? 1) > 1 ? ["orientation"] : []),
    ...(isShrunk(raster) ? [`shrunk ${width}x${height}→${size.width}x${size.height}`] : []),
    ...(way.by === "conversion" ? way.treatment : []),
    ...(meta.space === "cmyk" ? ["cmyk→srgb"] : way.by === "profile" ? ["icc→srgb"] : []),
    ...(meta.depth === "ushort" ? ["16-bit→8-bit"] : []),
    ...(flattened ? ["alpha-flattened"] : []),
  ];
}

function original(raster: Raster): { readonly original?: Size } {
  const { width, height } = raster.meta.autoOrient;
  return isShrunk(raster) ? { original: { width, height } } : {};
}

function checkSamples({ meta, name }: Raster): void {
  if (meta.depth === "uchar" || meta.depth === "ushort") return;
  throw expected("8 or 16 bits for each sample", {
    code: "ERR_INPUT_UNSUPPORTED",
    but: `${name} has samples of type ${meta.depth}`,
    remedy: "Tone-map it and save it as TIFF or PNG.",
  });
}

const isShrunk = ({ size, meta }: Raster): boolean => size.width < meta.autoOrient.width;

/**
 * Rows are averaged as they are decoded, and never held as a whole: so they are turned afterwards. The extraction, of
 * all there is, keeps libjpeg from shrinking by a filter of its own.
 */
function shrunk(image: Sharp, raster: Raster): Sharp {
  if (!isShrunk(raster)) return image;
  const { width, height, orientation } = raster.meta;
  const stored =
    (orientation ?? 1) < 5 ? raster.size : { width: raster.size.height, height: raster.size.width };
  const whole = image.extract({ left: 0, top: 0, width, height });
  return whole.resize({ ...stored, fit: "fill", kernel: "cubic" });
}

async function pixelsOf(image: Sharp): Promise<RgbImage> {
  const raw = image.toColourspace("srgb").raw({ depth: "uchar" });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** In 16 bits, sharp would bring RGB to Display P3 and leave the profiles of greys alone. */
const throughProfile = (image: Sharp, { depth, channels }: Metadata): Sharp =>
  depth === "ushort" ? image.pipelineColourspace(channels < 3 ? "b-w" : "srgb") : image;

async function convert(image: Sharp, { meta }: Raster, conversion: Conversion): Promise<RgbImage> {
  const deep = meta.depth === "ushort";
  const raw = image.toColourspace(deep ? "rgb16" : "srgb").raw({ depth: deep ? "ushort" : "uchar" });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  // The thread gets memory of its own: what comes from sharp cannot be given away.
  const samples = deep
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2).slice()
    : new Uint8Array(data);
  const channels = info.channels === 4 ? 4 : 3;
  const rgb = await inThread({ kind: "convert", samples: { data: samples, channels }, conversion });
  return { width: info.width, height: info.height, data: rgb };
}

/** The part of its canvas that the first frame of a GIF covers, on the page. */
function onPage(image: Sharp, { bytes, meta: { width, height } }: Raster): Sharp | undefined {
  const frame = firstFrame(bytes);
  if (!frame || (frame.width === width && frame.height === height)) return undefined;
  const { left, top } = frame;
  const around = { left, top, right: width - left - frame.width, bottom: height - top - frame.height };
  return image.extract(frame).extend({ ...around, background: { ...PAGE, alpha: 1 } });
}

/** @throws {TonescoreError} `ERR_INPUT_UNSUPPORTED`; and errors of sharp's where it is damaged */
export async function decodeRaster(raster: Raster, failOn: "none" | "error" | "warning"): Promise<Picture> {
  const { bytes, type, meta } = raster;
  checkSamples(raster);
  const way = colourWayOf(type, bytes, meta);
  const image = open(bytes, { failOn, ignoreIcc: way.by !== "profile", autoOrient: !isShrunk(raster) });
  const upright = (rgb: RgbImage): Promise<RgbImage> =>
    isShrunk(raster) ? toUpright(rgb, turningOf(meta.orientation)) : Promise.resolve(rgb);
  if (way.by === "conversion") {
    const rgb = await upright(await convert(shrunk(image, raster), raster, way.conversion));
    return { ...rgb, ...original(raster), treatment: treatmentOf(raster, way, meta.hasAlpha) };
  }
  const flat = meta.hasAlpha ? image.flatten({ background: PAGE }) : image;
  const paged = type === "GIF" ? onPage(flat, raster) : undefined;
  const coloured = way.by === "profile" ? throughProfile(paged ?? flat, meta) : (paged ?? flat);
  const rgb = await upright(await pixelsOf(shrunk(coloured, raster)));
  return {
    ...rgb,
    ...original(raster),
    treatment: treatmentOf(raster, way, meta.hasAlpha || paged !== undefined),
  };
}
