import { TonescoreError } from "./errors.js";
import type { Picture } from "./media/picture.js";
import type {
  Answer,
  ErrorResult,
  ImageResult,
  InputInfo,
  PictureInfo,
  Scored,
  VideoResult,
} from "./result.js";
import { type Scale, toScale } from "./scoring/scale.js";
import type { QuestionReading, Score } from "./scoring/score.js";
import type { VideoScore } from "./scoring/video.js";

/** Builds the results of the public schema from what scoring/ computed. */

const scored = ({ score, tones, answerMass, trusted, distrust }: Score, scale: Scale): Scored => ({
  score: toScale(score, scale),
  tones,
  answerMass,
  trusted,
  ...(distrust !== undefined && { distrust }),
});

const answers = (questions: readonly QuestionReading[]): Answer[] =>
  questions.map((reading) => ({ ...reading }));

const pictureInfo = ({ width, height, treatment }: Picture): PictureInfo => ({ width, height, treatment });

export const imageResult = (
  input: InputInfo,
  picture: Picture,
  score: Score,
  facts: { readonly preset: string; readonly scale: Scale },
): ImageResult => ({
  type: "image",
  input: { ...input, ...pictureInfo(picture) },
  preset: facts.preset,
  scale: facts.scale,
  ...scored(score, facts.scale),
  answers: answers(score.questions),
});

export const videoResult = (
  input: InputInfo,
  picture: PictureInfo,
  video: VideoScore,
  facts: {
    readonly preset: string;
    readonly scale: Scale;
    readonly sampling: string;
    readonly warnings: readonly string[];
  },
): VideoResult => ({
  type: "video",
  input: { ...input, ...picture },
  preset: facts.preset,
  scale: facts.scale,
  ...scored(video, facts.scale),
  pooling: video.pooling,
  sampling: facts.sampling,
  warnings: facts.warnings,
  frames: video.frames.map((frame) => ({
    time: frame.time,
    ...scored(frame, facts.scale),
    answers: answers(frame.questions),
  })),
});

/** A failure as a value. What is not this library's own error is told in its words, and is this input's all the same. */
export function errorResult(input: InputInfo, error: unknown): ErrorResult {
  if (error instanceof TonescoreError) {
    return { type: "error", input, error: { code: error.code, message: error.message } };
  }
  const said = error instanceof Error ? error.message : String(error);
  const message = `Something unexpected went wrong with this input: ${said}. Please report it; the others go on.`;
  return { type: "error", input, error: { code: "ERR_UNEXPECTED", message } };
}
