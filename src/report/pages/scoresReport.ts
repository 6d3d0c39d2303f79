import { commonFolder } from "../../util/commonFolder.js";
import { partsByPreset } from "../../results/partsByPreset.js";
import type { FrameResult, Result, RunHeader, ScoredResult, VideoResult } from "../../results/result.js";
import { percentile } from "../../stats/percentile.js";
import { mean } from "../../stats/numbers.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import { contactSheet } from "../sections/contactSheet.js";
import { errorsSection } from "../sections/errorsSection.js";
import { facts } from "../sections/facts.js";
import { frameAt, frameThumbnails } from "../pictures/frames.js";
import { type Html, markup } from "../page/html.js";
import { renderPage } from "../page/renderPage.js";
import type { PictureSource } from "../pictures/pictureSource.js";
import { histogram } from "../plots/histogram.js";
import { reportScale } from "../reportScale.js";
import { type Kinds, settingsSection } from "../sections/settings.js";
import { thumbnail } from "../pictures/thumbnail.js";
import { videoSection } from "../sections/videoSection.js";

const POSTER = 280;

export interface ScoresReport {
  readonly results: readonly Result[];
  /** Absent where a results file has none. */
  readonly header: RunHeader | undefined;
  /** The folder that the report will be in. */
  readonly base: string;
  readonly source?: PictureSource;
  /** Called with 0 to 1 as the inputs are shown. */
  readonly onProgress?: (fraction: number) => void;
}

/** A page about what `tonescore score` found, piece by piece. */
export function scoresReport(report: ScoresReport): AsyncGenerator<string> {
  const { results, header } = report;
  const inputs = partsByPreset(report)[0]?.results ?? [];
  const only = inputs.length === 1 ? inputs[0]?.input.path : undefined;
  return renderPage({
    kind: "scores",
    title: only ?? (folderOf(inputs) || "Scores"),
    about: [counts(inputs), header && recipe(header, kindsOf(results))]
      .filter((part) => part !== undefined)
      .join(" · "),
    sections: sections(report),
  });
}

const folderOf = (results: readonly Result[]): string =>
  commonFolder(results.flatMap(({ input }) => input.path ?? []));

const several = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`;

function counts(results: readonly Result[]): string {
  const number = (type: Result["type"]): number => results.filter((result) => result.type === type).length;
  const [pictures, videos, errors] = [number("image"), number("video"), number("error")];
  return [
    ...(pictures > 0 ? [several(pictures, "picture")] : []),
    ...(videos > 0 ? [several(videos, "video")] : []),
    ...(errors > 0 ? [`${errors} failed`] : []),
  ].join(", ");
}

const kindsOf = (results: readonly Result[]): Kinds => ({
  images: results.some((result) => result.type === "image"),
  videos: results.some((result) => result.type === "video"),
});

function recipe({ presets, alsoPresets = [], model }: RunHeader, { images, videos }: Kinds): string {
  const used = [presets, ...alsoPresets].flatMap(({ image, video }) => [
    ...(images ? [image] : []),
    ...(videos ? [video] : []),
  ]);
  const names = [...new Set(used.map((preset) => preset.name))];
  return [...(names.length > 0 ? [names.join(" and ")] : []), model.name].join(" · ");
}

async function* sections(report: ScoresReport): AsyncGenerator<Html> {
  const { results, header, onProgress } = report;
  const scored = results.filter((result) => result.type !== "error");
  const errors = results.filter((result) => result.type === "error");
  const videos = scored.filter((result) => result.type === "video");
  const anchors = new Map<Result, string>(videos.map((video, index) => [video, `video${index}`]));
  let done = 0;
  const progress = (): void => onProgress?.(++done / (scored.length + videos.length));

  const parts = partsByPreset(report);
  for (const part of parts) {
    if (parts.length > 1) yield markup`<h2 class="part">${part.header?.presets.image.name}</h2>`;
    yield* scoredSections({ ...report, ...part }, anchors, progress);
  }
  if (errors.length > 0) yield errorsSection(errors);
  if (header) yield settingsSection(header, kindsOf(results));
}

/** What one preset said. */
async function* scoredSections(
  { results, header, base, source = {} }: ScoresReport,
  anchors: ReadonlyMap<Result, string>,
  progress: () => void,
): AsyncGenerator<Html> {
  const scored = results.filter((result) => result.type !== "error");
  const videos = scored.filter((result) => result.type === "video");
  const scale = reportScale(scored);
  if (scored.length > 1) yield distribution(scored, scale, results.length - scored.length);
  // A video by itself has its own section for everything.
  if (scored.length > videos.length || videos.length > 1) {
    const pictureOf = async (result: ScoredResult): Promise<Html> => {
      const picture = result.type === "image" ? thumbnail(result.input.path, source) : poster(result, source);
      return picture.finally(progress);
    };
    yield* contactSheet({ results: scored, scale, base, folder: folderOf(scored), anchors, pictureOf });
  }
  for (const video of videos) {
    yield await videoSection({ video, id: anchors.get(video) ?? "", scale, header, source });
    progress();
  }
}

/** The frame that comes nearest to what the video got. */
async function poster(video: VideoResult, source: PictureSource): Promise<Html> {
  const away = ({ score }: FrameResult): number => Math.abs(score - video.score);
  const [typical] = video.frames.toSorted((a, b) => away(a) - away(b));
  const time = typical?.time ?? 0;
  return frameAt(await frameThumbnails(video.input.path, [time], { ...source, size: POSTER }), time);
}

function distribution(scored: readonly ScoredResult[], scale: ScaleFormat, failed: number): Html {
  const scores = scored.map((result) => result.score);
  const show = (value: number): string => value.toFixed(scale.digits);
  const untrusted = scored.filter((result) => !result.trusted).length;
  return markup`<section>
    ${facts([
      { name: "scored", value: String(scored.length) },
      { name: "mean", value: show(mean(scores)) },
      { name: "median", value: show(percentile(scores, 50)) },
      { name: "lowest", value: show(percentile(scores, 0)) },
      { name: "highest", value: show(percentile(scores, 100)) },
      ...(untrusted > 0 ? [{ name: "untrusted", value: String(untrusted), bad: true }] : []),
      ...(failed > 0 ? [{ name: "failed", value: String(failed), bad: true }] : []),
    ])}
    ${histogram(scores, scale, mean(scores))}
  </section>`;
}
