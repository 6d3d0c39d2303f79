/** Numbers that stay together: the first of them and how many, in numbers from the tensor's beginning. */
export type Run = readonly [start: number, count: number];

/** Which numbers of a tensor another is made of, in order. */
export type Selection = () => Iterable<Run>;

/** A part of the rows. */
export const rows = (from: number, count: number, width: number): Selection =>
  function* () {
    yield [from * width, count * width];
  };

/**
 * Rows in groups of `first` × `second` × `size`, with the first two changed about, after `before` rows that stay.
 * Attention's rotation takes the halves of a head one beside the other, and ggml repeats heads in turn.
 */
export const swapRows = (
  [first, second, size]: readonly [number, number, number],
  width: number,
  { groups = 1, before = 0 }: { readonly groups?: number; readonly before?: number } = {},
): Selection =>
  function* () {
    if (before > 0) yield [0, before * width];
    for (let group = 0; group < groups; group++) {
      const start = before + group * first * second * size;
      for (let b = 0; b < second; b++)
        for (let a = 0; a < first; a++) yield [(start + (a * second + b) * size) * width, size * width];
    }
  };

/** Queries or keys of LLaMA in the order that its rotation has in llama.cpp: of each head, the halves interleaved. */
export const interleaveHalves = (heads: number, count: number, width: number): Selection =>
  swapRows([2, count / heads / 2, 1], width, { groups: heads });

/** Columns in groups of `first` × `second` × `size`, with the first two changed about, in each row. */
export const swapColumns = (
  [first, second, size]: readonly [number, number, number],
  count: number,
): Selection =>
  function* () {
    const width = first * second * size;
    for (let row = 0; row < count; row++)
      for (let b = 0; b < second; b++)
        for (let a = 0; a < first; a++) yield [row * width + (a * second + b) * size, size];
  };

/** Of groups of so many equal parts, one of each: a picture in time, or the queries of heads that have all in one. */
export const partOfEach = (which: number, groups: number, parts: number, size: number): Selection =>
  function* () {
    for (let group = 0; group < groups; group++) yield [(group * parts + which) * size, size];
  };
