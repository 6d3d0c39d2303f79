import type { InstalledPackage } from "../../../../util/installedPackage.js";
import { isClone } from "../../../../places.js";
import type { Outcome } from "../probe.js";
import type { SharpFacts } from "../probeProgram.js";
import type { Finding, Section } from "../section.js";

const MEND_SHARP = isClone
  ? "npm ci"
  : "npm install --include=optional sharp (where node_modules came from another platform: delete it first)";

const MEND_HEIC = "npm install libheif-js (with -g where tonescore was installed with -g)";

function sharpFinding(sharp: Outcome<SharpFacts>): Finding | undefined {
  if ("facts" in sharp) return undefined;
  const why = "error" in sharp ? (sharp.error.split("\n")[0] ?? "") : sharp.crash;
  return { level: "fatal", text: `sharp, which decodes pictures, does not load: ${why}`, mend: MEND_SHARP };
}

/** What decodes HEIC, of phones only where it puts tiles together. */
function heicDecoder(
  libheif: InstalledPackage | undefined,
  ffmpegVersion = "",
): { by: string; lacks?: string } {
  if (libheif) return { by: `libheif-js ${libheif.version}` };
  const major = Number(/^n?(\d+)\./.exec(ffmpegVersion)?.[1] ?? 0);
  if (major >= 8) return { by: `ffmpeg ${ffmpegVersion}` };
  if (major >= 7)
    return {
      by: `ffmpeg ${ffmpegVersion}, tiled ones not`,
      lacks: "HEIC pictures of phones, which come in tiles, are",
    };
  return { by: "nothing", lacks: "HEIC pictures of phones and cameras are" };
}

/** @param ffmpegVersion of the ffmpeg that is found, which decodes HEIC where libheif-js is not installed */
export function pictures(
  sharp: Outcome<SharpFacts>,
  ffmpegVersion: string | undefined,
  libheif: InstalledPackage | undefined,
): Section {
  const versions = "facts" in sharp ? sharp.facts.versions : {};
  const { by, lacks } = heicDecoder(libheif, ffmpegVersion);
  const heic: Finding | undefined =
    lacks === undefined ? undefined : { level: "note", text: `${lacks} not decoded`, mend: MEND_HEIC };
  const findings = [sharpFinding(sharp), heic].filter((found) => found !== undefined);
  const decoder =
    "facts" in sharp
      ? `sharp ${versions.sharp ?? "?"}, libvips ${versions.vips ?? "?"}`
      : "sharp does not load";
  const summary = [`${decoder}; HEIC by ${by}`];
  return { summary, facts: { sharp, libheif }, findings };
}
