import { clock } from "../../util/clock.js";
import type { FrameResult, RunHeader, VideoResult } from "../../results/result.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import { distrustText } from "../../results/distrustText.js";
import { frameText } from "../../results/frameText.js";
import { frameAt, frameThumbnails } from "../pictures/frames.js";
import { type Html, markup } from "../page/html.js";
import type { PictureSource } from "../pictures/pictureSource.js";
import { overTime } from "../plots/overTime.js";
import { poolingTable } from "./poolingTable.js";
import { toneBar, toneLegend } from "./tones.js";

/** A long video shows so many of its frames, evenly spread: the page stays below a megabyte for it. */
const MOST_FRAMES = 120;
const MOST_WORST = 4;
const FRAME_SIZE = 240;

export interface VideoView {
  readonly video: VideoResult;
  readonly id: string;
  readonly scale: ScaleFormat;
  readonly header: RunHeader | undefined;
  readonly source: PictureSource;
}

/** A video's score over time, its frames, its worst moments and what other ways of pooling would give. */
export async function videoSection(view: VideoView): Promise<Html> {
  const { video, id, scale, header } = view;
  const worst = worstMoments(video.frames);
  const shown = evenly(video.frames, MOST_FRAMES);
  const kept = video.frames.filter((frame) => shown.includes(frame) || worst.includes(frame));
  const times = kept.map((frame) => frame.time);
  const pictures = await frameThumbnails(video.input.path, times, { ...view.source, size: FRAME_SIZE });
  const nearest = (time: number): string => `${id}-${closest(times, time)}`;
  return markup`<section id="${id}">
    <div class="head">
      <h2>${video.input.path ?? "in memory"}</h2>
      ${toneLegend([video])}
    </div>
    <p class="note">${about(video, scale)}</p>
    ${video.trusted ? undefined : markup`<p class="note warning">Not trusted: ${distrustText(video)}</p>`}
    ${video.warnings.map((warning) => markup`<p class="note warning">${warning}</p>`)}
    ${overTime(video, scale, nearest)}
    <ol class="strip">
      ${kept.map((frame) => markup`<li id="${id}-${frame.time}">${frameFigure(frame, frameAt(pictures, frame.time), scale)}</li>`)}
    </ol>
    ${worst.length > 0 ? worstList(worst, pictures, scale) : undefined}
    ${header && isPooled(video) ? poolingTable(video, header.presets.video, scale) : undefined}
  </section>`;
}

function about(video: VideoResult, { digits }: ScaleFormat): string {
  const { score, pooling, sampling, frames, framesLeftOut = 0, input } = video;
  const shown = framesLeftOut > 0 ? `; the last ${frames.length} are shown` : "";
  return `Score ${score.toFixed(digits)} (pooling ${pooling}), ${frameText(video)} of ${input.width}×${input.height}, ${sampling}${shown}`;
}

/** All frames that a score is of, of which other rules would make another. */
const isPooled = ({ frames, framesLeftOut = 0 }: VideoResult): boolean =>
  frames.length > 1 && framesLeftOut === 0;

function frameFigure(frame: FrameResult, picture: Html, { digits }: ScaleFormat): Html {
  return markup`<div class="picture">${picture}</div>
    <div class="caption"><b>${frame.score.toFixed(digits)}</b><span>${clock(frame.time)}</span></div>`;
}

function worstList(
  worst: readonly FrameResult[],
  pictures: ReadonlyMap<number, Html>,
  scale: ScaleFormat,
): Html {
  return markup`<h3>The worst moments</h3>
    <ol class="sheet">
      ${worst.map(
        (frame) =>
          markup`<li class="tile">
            ${frameFigure(frame, frameAt(pictures, frame.time), scale)}${toneBar(frame.tones)}
          </li>`,
      )}
    </ol>`;
}

/** The lowest frames, none close to a lower one: several frames of one scene say little more than one does. */
export function worstMoments(frames: readonly FrameResult[]): FrameResult[] {
  const length = (frames.at(-1)?.time ?? 0) - (frames[0]?.time ?? 0);
  const chosen: FrameResult[] = [];
  for (const frame of frames.toSorted((a, b) => a.score - b.score)) {
    if (chosen.length >= Math.min(MOST_WORST, Math.floor(frames.length / 3))) break;
    const apart = chosen.every(({ time }) => Math.abs(time - frame.time) >= length / 12);
    if (apart) chosen.push(frame);
  }
  return chosen;
}

const closest = (times: readonly number[], time: number): number =>
  times.reduce((best, other) => (Math.abs(other - time) < Math.abs(best - time) ? other : best), Infinity);

/** So many of a list, the first and the last among them. */
function evenly<T>(list: readonly T[], most: number): readonly T[] {
  const step = (list.length - 1) / (most - 1);
  return step <= 1 ? list : Array.from({ length: most }, (_, index) => list[Math.round(index * step)] as T);
}
