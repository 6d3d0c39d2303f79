/** What a version's name says of its place in a ladder of versions. */
export interface LadderPlace {
  /** The name without its step: versions that share it are one series. */
  readonly series: string;
  /** As it is written; absent where the name has no number, and so is a series by itself. */
  readonly step?: string;
}

const FILE_ENDING = /\.[a-z][a-z0-9]+$/i;
const NUMBER = /\d+(?:[.,]\d+)*/g;

/** Numbers that name a codec, a chroma format or a bit depth, and are no step of it. */
const NAMES = new RegExp(
  "(?<![a-z0-9])(?:" +
    "(?:lib)?(?:x|h\\.?)26[1-6]|(?:lib|svt-?)?(?:av1|vp[89])|mpeg-?[124]|mp4|jp2|jpeg-?2000|" +
    "yuv[a-z]*4[0-4]{2}p?(?:10|12|16)?(?:le|be)?|(?<=\\d.*)4:?(?:4:?4|2:?2|2:?0)|(?:8|10|12|16)-?bits?" +
    ")(?![a-z0-9])",
  "gi",
);

/**
 * The last number of a name is its step, such as 23 in `x264-crf23`, and what stands around it the series. The number in
 * the name of a codec is not a step: `crf23-x264` and `crf28-x264` are steps of one series, `crf23-x265` of another.
 */
export function ladderPlace(name: string): LadderPlace {
  const stem = name.replace(FILE_ENDING, "");
  const masked = stem.replace(NAMES, (word) => "x".repeat(word.length));
  const last = [...masked.matchAll(NUMBER)].at(-1);
  if (!last) return { series: stem };
  const [step] = last;
  const before = stem.slice(0, last.index).replace(/[\s._-]+$/, "");
  return { series: before + stem.slice(last.index + step.length), step };
}
