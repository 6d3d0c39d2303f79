/** Where a row's numbers of a table of positions are put. */
type Row = Float32Array;

/** The slowest wave turns once in so many positions, times 2π. */
const SLOWEST = 10000;

/** The sines, then the cosines, of a position at falling frequencies. */
function wave(position: number, into: Row): void {
  const half = into.length / 2;
  for (let i = 0; i < half; i++) {
    // As in the authors' code, in single precision.
    const frequency = Math.fround(1 / Math.fround(SLOWEST ** Math.fround(i / half)));
    const angle = Math.fround(position * frequency);
    into[i] = Math.sin(angle);
    into[half + i] = Math.cos(angle);
  }
}

/** Of the positions 0, 1, …: [count, width]. */
export function lineOfWaves(count: number, width: number): Float32Array {
  const table = new Float32Array(count * width);
  for (let at = 0; at < count; at++) wave(at, table.subarray(at * width, (at + 1) * width));
  return table;
}

/**
 * Of a square's places, row by row, after one that has none: [1 + side², width]. The first half of a place's numbers says
 * where in its row it is, the second which row that is.
 */
export function gridOfWaves(side: number, width: number): Float32Array {
  const table = new Float32Array((1 + side ** 2) * width);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const start = (1 + row * side + column) * width;
      wave(column, table.subarray(start, start + width / 2));
      wave(row, table.subarray(start + width / 2, start + width));
    }
  return table;
}
