import { type Levels, sizesOf } from "./ranks.js";

/**
 * Kendall's tau-b in n log n (Knight, "A computer method for calculating Kendall's tau with ungrouped data", JASA 1966).
 * NaN of a constant.
 */
export function tauB(a: Levels, b: Levels): number {
  const pairs = pairsAmong(a.of.length);
  const order = sortedBy(a, sortedBy(b, Int32Array.from(a.of.keys())));
  const tiedA = tiedPairs(sizesOf(a));
  const tiedB = tiedPairs(sizesOf(b));
  const untied = pairs - tiedA - tiedB + tiedPairs(runs(order, a.of, b.of));
  const difference = untied - 2 * discordantPairs(order, b);
  return difference / Math.sqrt(pairs - tiedA) / Math.sqrt(pairs - tiedB);
}

const pairsAmong = (size: number): number => (size * (size - 1)) / 2;

function tiedPairs(sizes: Iterable<number>): number {
  let pairs = 0;
  for (const size of sizes) pairs += pairsAmong(size);
  return pairs;
}

/** Rows sorted by their levels; rows of one level keep their order. */
function sortedBy(levels: Levels, rows: Int32Array): Int32Array {
  let start = 0;
  const next = sizesOf(levels).map((size) => (start += size) - size);
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    const level = levels.of[row] ?? NaN;
    const place = next[level] ?? NaN;
    sorted[place] = row;
    next[level] = place + 1;
  }
  return sorted;
}

/** The lengths of the stretches of rows that are equal in both. */
function* runs(order: Int32Array, a: Int32Array, b: Int32Array): Generator<number> {
  let length = 0;
  let previous = NaN;
  for (const row of order) {
    if (length > 0 && (a[row] !== a[previous] || b[row] !== b[previous])) {
      yield length;
      length = 0;
    }
    length++;
    previous = row;
  }
  yield length;
}

/** Pairs that `b` puts the other way round, counted with a Fenwick tree over its levels. */
function discordantPairs(order: Int32Array, b: Levels): number {
  const tree = new Int32Array(b.count + 1);
  let discordant = 0;
  for (const [seen, row] of order.entries()) {
    const level = (b.of[row] ?? NaN) + 1;
    discordant += seen;
    for (let node = level; node > 0; node -= node & -node) discordant -= tree[node] ?? NaN;
    for (let node = level; node <= b.count; node += node & -node) tree[node] = (tree[node] ?? NaN) + 1;
  }
  return discordant;
}
