/** A colour's place in the diagram of 1931. */
export type Point = readonly [x: number, y: number];

export interface Chromaticities {
  readonly white: Point;
  readonly red: Point;
  readonly green: Point;
  readonly blue: Point;
}

/** Three rows of three. */
export type Matrix = readonly number[];

const D65: Point = [0.3127, 0.329];

export const BT709: Chromaticities = {
  white: D65,
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
};

/** By the code points of ITU-T H.273, those that are not near BT.709. */
export const gamuts: ReadonlyMap<number, Chromaticities> = new Map([
  [8, { white: [0.31, 0.316], red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049] }],
  [9, { white: D65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] }],
  [11, { white: [0.314, 0.351], red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] }],
  [12, { white: D65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] }],
]);

const at = (matrix: Matrix, row: number, column: number): number => matrix[3 * row + column] ?? NaN;

function multiply(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, i) =>
    [0, 1, 2].reduce((sum, k) => sum + at(a, Math.floor(i / 3), k) * at(b, k, i % 3), 0),
  );
}

function apply(matrix: Matrix, vector: readonly number[]): number[] {
  return [0, 1, 2].map((row) => [0, 1, 2].reduce((sum, k) => sum + at(matrix, row, k) * (vector[k] ?? 0), 0));
}

function invert(m: Matrix): Matrix {
  const minor = (row: number, column: number): number => {
    const [r, s] = [0, 1, 2].filter((i) => i !== row);
    const [c, d] = [0, 1, 2].filter((i) => i !== column);
    if (r === undefined || s === undefined || c === undefined || d === undefined) return NaN;
    return (row + column) % 2 === 0
      ? at(m, r, c) * at(m, s, d) - at(m, r, d) * at(m, s, c)
      : at(m, r, d) * at(m, s, c) - at(m, r, c) * at(m, s, d);
  };
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(m, 0, column) * minor(0, column), 0);
  return Array.from({ length: 9 }, (_, i) => minor(i % 3, Math.floor(i / 3)) / determinant);
}

/** The light of a point whose Y is 1. */
const light = ([x, y]: Point): readonly [number, number, number] => [x / y, 1, (1 - x - y) / y];

function toXyz({ white, red, green, blue }: Chromaticities): Matrix {
  const [r, g, b] = [light(red), light(green), light(blue)];
  const primaries = [0, 1, 2].flatMap((row) => [r[row] ?? NaN, g[row] ?? NaN, b[row] ?? NaN]);
  const amounts = apply(invert(primaries), light(white));
  return primaries.map((value, i) => value * (amounts[i % 3] ?? NaN));
}

const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

/** From light under one white to light that looks like it under another. */
function adapt(from: Point, to: Point): Matrix {
  const [seen, wanted] = [apply(BRADFORD, light(from)), apply(BRADFORD, light(to))];
  const scaling = Array.from({ length: 9 }, (_, i) =>
    i % 4 === 0 ? (wanted[i / 4] ?? NaN) / (seen[i / 4] ?? NaN) : 0,
  );
  return multiply(invert(BRADFORD), multiply(scaling, BRADFORD));
}

/** From linear RGB of these primaries to linear sRGB; `undefined` where they span no triangle. */
export function toBt709(from: Chromaticities): Matrix | undefined {
  const matrix = multiply(invert(toXyz(BT709)), multiply(adapt(from.white, D65), toXyz(from)));
  return matrix.every(Number.isFinite) ? matrix : undefined;
}
