import { messageOf } from "../util/messageOf.js";
import { TonescoreError } from "../errors.js";
import type { Place } from "../media/image/crops.js";
import type { Picture } from "../media/picture.js";
import type {
  Answer,
  ErrorResult,
  FrameResult,
  ImageResult,
  InputInfo,
  PictureInfo,
  RunningScore,
  ScoreFields,
  StreamFrame,
  VideoResult,
  ViewsResult,
} from "./result.js";
import type { FrameScore, PooledScore } from "../scoring/framePool.js";
import { type Scale, toScale } from "../scoring/scale.js";
import type { QuestionReading, Score } from "../scoring/score.js";
import type { VideoScore } from "../scoring/video.js";
import type { Views } from "../scoring/views.js";

/** Builds the results of the public schema from what scoring/ computed. */

const scored = ({ score, tones, answerMass, trusted, distrust }: Score, scale: Scale): ScoreFields => ({
  score: toScale(score, scale),
  tones,
  answerMass,
  trusted,
  ...(distrust !== undefined && { distrust }),
});

const answers = (questions: readonly QuestionReading[]): Answer[] =>
  questions.map((reading) => ({ ...reading }));

const pictureInfo = ({ width, height, original, treatment }: Picture): PictureInfo => ({
  width,
  height,
  ...(original && { original }),
  treatment,
});

interface Facts {
  readonly preset: string;
  readonly scale: Scale;
}

/** What a picture's score was made of that was looked at several times. */
export interface ScoredViews {
  readonly treatment: Views;
  readonly whole: Score;
  readonly crops: readonly { readonly place: Place; readonly score: Score }[];
}

const viewsResult = ({ treatment, whole, crops }: ScoredViews, scale: Scale): ViewsResult => ({
  treatment,
  whole: scored(whole, scale),
  crops: crops.map(({ place, score }) => ({
    ...place,
    ...scored(score, scale),
    answers: answers(score.questions),
  })),
});

export const imageResult = (
  input: InputInfo,
  picture: Picture,
  score: Score,
  facts: Facts,
  views?: ScoredViews,
): ImageResult => ({
  type: "image",
  input: { ...input, ...pictureInfo(picture) },
  preset: facts.preset,
  scale: facts.scale,
  ...scored(score, facts.scale),
  answers: answers(score.questions),
  ...(views && { views: viewsResult(views, facts.scale) }),
});

export const videoResult = (
  input: InputInfo,
  picture: PictureInfo,
  video: VideoScore,
  facts: Facts & Pick<VideoResult, "sampling" | "warnings" | "partial" | "framesLeftOut">,
): VideoResult => ({
  type: "video",
  input: { ...input, ...picture },
  preset: facts.preset,
  scale: facts.scale,
  ...scored(video, facts.scale),
  pooling: video.pooling,
  sampling: facts.sampling,
  warnings: facts.warnings,
  ...(facts.partial && { partial: facts.partial }),
  ...(facts.framesLeftOut !== undefined && { framesLeftOut: facts.framesLeftOut }),
  frames: video.frames.map((frame) => frameResult(frame, facts.scale)),
});

const frameResult = (frame: FrameScore, scale: Scale): FrameResult => ({
  time: frame.time,
  ...(frame.times && { times: frame.times }),
  ...scored(frame, scale),
  answers: answers(frame.questions),
});

export const streamFrame = (
  input: InputInfo,
  picture: PictureInfo,
  frame: FrameScore,
  { preset, scale }: Facts,
): StreamFrame => ({
  type: "frame",
  input: { ...input, ...picture },
  preset,
  scale,
  ...frameResult(frame, scale),
});

export const runningScore = (
  input: InputInfo,
  picture: PictureInfo,
  score: PooledScore,
  { preset, scale, from, to, frames }: Facts & Pick<RunningScore, "from" | "to" | "frames">,
): RunningScore => ({
  type: "running",
  input: { ...input, ...picture },
  preset,
  scale,
  ...scored(score, scale),
  pooling: score.pooling,
  ...{ from, to, frames },
});

/** A failure as a value. What is not this library's own error is told in its words, and is this input's all the same. */
export function errorResult(input: InputInfo, error: unknown): ErrorResult {
  if (error instanceof TonescoreError) {
    return { type: "error", input, error: { code: error.code, message: error.message } };
  }
  const said = messageOf(error);
  const message = `Something unexpected went wrong with this input: ${said}. Please report it; the others go on.`;
  return { type: "error", input, error: { code: "ERR_UNEXPECTED", message } };
}
