/** Values as whole numbers in the same order: equal values share one, and none is left out. */
export interface Levels {
  /** For each value its level, from 0. */
  readonly of: Int32Array;
  readonly count: number;
}

export function levelsOf(values: readonly number[]): Levels {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const level = new Map(distinct.map((value, index) => [value, index]));
  return { of: Int32Array.from(values, (value) => level.get(value) ?? NaN), count: distinct.length };
}

/** Rows of other levels, drawn with repetition perhaps; some levels may then be empty. */
export function drawn({ of, count }: Levels, rows: Int32Array): Levels {
  return { of: rows.map((row) => of[row] ?? NaN), count };
}

/** How many values each level has. */
export function sizesOf({ of, count }: Levels): Int32Array {
  const sizes = new Int32Array(count);
  for (const level of of) sizes[level] = (sizes[level] ?? 0) + 1;
  return sizes;
}

/** Ranks from 1; ties share the mean of theirs. */
export function averageRanks(levels: Levels): Float64Array {
  let below = 0;
  const ranks = Float64Array.from(sizesOf(levels), (size) => {
    below += size;
    return below - (size - 1) / 2;
  });
  return Float64Array.from(levels.of, (level) => ranks[level] ?? NaN);
}
