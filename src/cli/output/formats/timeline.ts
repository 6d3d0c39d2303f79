import { clock } from "../../../util/clock.js";
import type { VideoResult } from "../../../results/result.js";
import type { ScaleFormat } from "../../../scoring/scaleFormat.js";
import { frameText } from "../../../results/frameText.js";

const levels = "▁▂▃▄▅▆▇█";
const mostColumns = 16;

/** Scores over time in a line of blocks. A block stands for the worst of its frames, lest a bad moment vanish. */
function sparkline(scores: readonly number[], { lowest, highest }: ScaleFormat): string {
  const columns = Math.min(scores.length, mostColumns);
  return Array.from({ length: columns }, (_, index) => {
    const from = Math.floor((index * scores.length) / columns);
    const to = Math.floor(((index + 1) * scores.length) / columns);
    const worst = Math.min(...scores.slice(from, to));
    const level = Math.floor(((worst - lowest) / (highest - lowest)) * levels.length);
    return levels[Math.min(levels.length - 1, Math.max(0, level))];
  }).join("");
}

/** A video's frames in a few words: `worst 0.310 at 0:07 ▆▆▅▂▆▇ 6 frames`. */
export function timeline(video: VideoResult, scale: ScaleFormat): string {
  const { frames, framesLeftOut = 0 } = video;
  const [first, ...others] = frames;
  if (first === undefined || others.length === 0 || framesLeftOut > 0) return frameText(video);
  const worst = others.reduce((least, frame) => (frame.score < least.score ? frame : least), first);
  const score = worst.score.toFixed(scale.digits);
  const line = sparkline(
    frames.map((frame) => frame.score),
    scale,
  );
  return `worst ${score} at ${clock(worst.time)} ${line} ${frameText(video)}`;
}
