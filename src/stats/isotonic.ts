/** A step of a rising fit: the same value from one score to another. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly weight: number;
}

/** A point of a line that rises, or stays, from left to right. */
export type Point = readonly [score: number, value: number];

/**
 * Isotonic regression by least squares: the rising steps nearest to the values, by pooling neighbours that fall (Ayer et
 * al., 1955), as the points of a line that joins them.
 * @param scores n numbers.
 * @param values as many.
 */
export function isotonic(scores: readonly number[], values: readonly number[]): Point[] {
  const rows = scores.map((score, index) => ({ score, value: values[index] ?? NaN }));
  rows.sort((a, b) => a.score - b.score);
  const blocks: Block[] = [];
  for (const { score, value } of rows) {
    let block: Block = { from: score, to: score, value, weight: 1 };
    for (let last = blocks.at(-1); last && mustPool(last, block); last = blocks.at(-1)) {
      blocks.pop();
      block = pool(last, block);
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ from, to, value }): Point[] =>
    from === to
      ? [[from, value]]
      : [
          [from, value],
          [to, value],
        ],
  );
}

/** Equal scores must get one value, others a rising one. */
const mustPool = (last: Block, next: Block): boolean => last.to === next.from || last.value >= next.value;

function pool(a: Block, b: Block): Block {
  const weight = a.weight + b.weight;
  return { from: a.from, to: b.to, value: (a.value * a.weight + b.value * b.weight) / weight, weight };
}

/** Between its points the line is straight, beyond them level. */
export function onLine(points: readonly Point[], score: number): number {
  const next = points.findIndex(([x]) => x >= score);
  if (next === -1) return points.at(-1)?.[1] ?? NaN;
  const [right, high] = points[next] ?? [NaN, NaN];
  const [left, low] = points[next - 1] ?? [right, high];
  return right === left ? high : low + ((high - low) * (score - left)) / (right - left);
}
