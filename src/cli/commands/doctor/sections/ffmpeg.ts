import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../../../../util/messageOf.js";
import { findFfmpeg, INSTALL } from "../../../../media/ffmpeg/findFfmpeg.js";
import type { Finding, Section } from "../section.js";

/** What clips are coded in, and the names of decoders of which one is enough. ffmpeg's own `av1` needs a GPU. */
const CODECS: readonly (readonly [codec: string, ...decoders: string[]])[] = [
  ["H.264", "h264", "libopenh264"],
  ["H.265", "hevc"],
  ["VP8", "vp8", "libvpx"],
  ["VP9", "vp9", "libvpx-vp9"],
  ["AV1", "libdav1d", "libaom-av1"],
  ["MPEG-2", "mpeg2video"],
  ["MPEG-4", "mpeg4"],
  ["ProRes", "prores"],
  ["Motion JPEG", "mjpeg"],
  ["BMP", "bmp"],
];

/** Filters that colours, interlacing and shape need. */
const FILTERS = ["scale", "format", "bwdif", "select", "zscale", "tonemap"] as const;

export interface FfmpegFacts {
  readonly path: string;
  readonly from: string;
  readonly version: string;
  readonly decoders: readonly string[];
  readonly filters: readonly string[];
}

const run = promisify(execFile);

/** The names in a list that ffmpeg prints: letters for what each can do, its name, and words. */
const namesIn = (list: string): string[] =>
  [...list.matchAll(/^ [A-Z.|]{2,6} +([\w-]+) +\S/gm)].map(([, name = ""]) => name);

async function list(path: string, what: "-decoders" | "-filters"): Promise<string[]> {
  const { stdout } = await run(path, ["-hide_banner", "-v", "error", what], {
    windowsHide: true,
    timeout: 20_000,
    maxBuffer: 1 << 24,
  });
  return namesIn(stdout);
}

export async function ffmpegFacts(
  named: string | undefined,
): Promise<FfmpegFacts | { readonly error: string }> {
  try {
    const { path, from, version } = await findFfmpeg(named);
    const [decoders, filters] = await Promise.all([list(path, "-decoders"), list(path, "-filters")]);
    return { path, from, version: version.replace("ffmpeg version ", ""), decoders, filters };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

const INSTALL_ONE = `install one:\n${INSTALL}`;

export function ffmpeg(found: FfmpegFacts | { readonly error: string }): Section {
  if ("error" in found) {
    const text = `no ffmpeg, which videos and BMP pictures need: ${found.error.split("\nInstall one:")[0] ?? ""}`;
    return { summary: ["none"], facts: found, findings: [{ level: "problem", text, mend: INSTALL_ONE }] };
  }
  const { path, from, version } = found;
  const [decoders, filters] = [new Set(found.decoders), new Set(found.filters)];
  const has = CODECS.filter(([, ...names]) => names.some((name) => decoders.has(name)));
  const lacks = CODECS.filter((codec) => !has.includes(codec)).map(([codec]) => codec);
  const missing = FILTERS.filter((name) => !filters.has(name));
  const findings: Finding[] = [
    ...(lacks.length === 0 ? [] : [`this ffmpeg does not decode ${lacks.join(", ")}`]),
    ...(missing.length === 0
      ? []
      : [`this ffmpeg lacks filters for colours and interlacing: ${missing.join(", ")}`]),
  ].map((text) => ({
    level: "problem",
    text,
    mend: `take another with --ffmpeg or FFMPEG_PATH, or ${INSTALL_ONE}`,
  }));
  const summary = [`${version}, ${path} (by ${from})`, `decodes ${has.map(([codec]) => codec).join(", ")}`];
  const facts = { path, from, version, decodes: has.map(([codec]) => codec), lacks, missingFilters: missing };
  return { summary, facts, findings };
}
