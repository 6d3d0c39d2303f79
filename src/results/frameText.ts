import type { VideoResult } from "./result.js";

/** How many frames were scored, those of a stream's earlier parts too. */
export function frameText({ frames, framesLeftOut = 0 }: VideoResult): string {
  const count = frames.length + framesLeftOut;
  return count === 1 ? "1 frame" : `${count} frames`;
}
