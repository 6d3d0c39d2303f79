import type { VideoResult } from "./result.js";

/** How many frames were looked at, those of a stream's earlier parts too. */
export const frameCount = ({ frames, framesLeftOut = 0 }: VideoResult): number =>
  frames.reduce((count, { times }) => count + (times?.length ?? 1), framesLeftOut);

export function frameText(video: VideoResult): string {
  const count = frameCount(video);
  return count === 1 ? "1 frame" : `${count} frames`;
}
