// Scores clips of several kinds with tonescore's ffmpeg and with the system's, which makes them:
// `node packages/ffmpeg/compare.js PROGRAM`. Fails where the scores are not the same within 1e-3.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const main = join(root, "dist", "cli", "main.js");
const source = join(root, "examples", "clip.mp4");
const [program = ""] = process.argv.slice(2);
const TOLERANCE = 1e-3;

const hdr =
  "setparams=colorspace=bt709:color_trc=bt709:color_primaries=bt709,zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020:t=smpte2084:m=bt2020nc:r=tv,format=yuv420p10le";
const hdrTags = "-colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084";

/** File names, and how the clip is made into them. @type {Record<string, string>} */
const kinds = {
  "h264.mp4": "-c:v libx264 -preset veryfast",
  "hevc-hdr.mkv": `-vf ${hdr} -c:v libx265 -preset ultrafast -x265-params log-level=none ${hdrTags}`,
  "vp9.webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8",
  "av1.mp4": "-c:v libaom-av1 -usage realtime -cpu-used 8",
  "interlaced.ts": "-vf interlace -c:v mpeg2video -q:v 3 -flags +ildct+ilme",
  "xvid.avi": "-c:v mpeg4 -q:v 3",
  "prores.mov": "-c:v prores_ks",
  "motion.mjpeg": "-c:v mjpeg -q:v 3",
  "theora.ogv": "-c:v libtheora -q:v 7",
};

/** @param {string} file @param {string} ffmpeg @returns {number} */
function score(file, ffmpeg) {
  const printed = execFileSync(process.execPath, [main, file, "-f", "json", "-q", "--ffmpeg", ffmpeg], {
    encoding: "utf8",
  });
  /** @type {unknown} */
  const parsed = JSON.parse(printed);
  return /** @type {{ results: [{ score: number }] }} */ (parsed).results[0].score;
}

const folder = mkdtempSync(join(tmpdir(), "tonescore-ffmpeg-"));
let worst = 0;
try {
  for (const [name, made] of Object.entries(kinds)) {
    const file = join(folder, name);
    execFileSync("ffmpeg", ["-v", "error", "-i", source, "-an", ...made.split(" "), file], {
      stdio: "inherit",
    });
    const [own, system] = [score(file, program), score(file, "ffmpeg")];
    worst = Math.max(worst, Math.abs(own - system));
    console.log(
      `${name.padEnd(14)} ${own.toFixed(6)} ${system.toFixed(6)} ${(own - system).toExponential(1)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`largest difference ${worst.toExponential(1)}`);
if (!(worst <= TOLERANCE)) process.exit(1);
