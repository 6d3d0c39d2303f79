import { setTimeout as sleep } from "node:timers/promises";

/** ggml's threads wait busily for a while after a graph; this lets those of one side fall asleep. */
const SETTLE_MS = 50;

/** Milliseconds that a job took. */
export async function time(job: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await job();
  return performance.now() - start;
}

/**
 * Runs the sides in turn, ABAB…, so that whatever else the machine does falls on all of them alike. The first round
 * warms up and is not counted.
 */
export async function alternate<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Side, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await sides[name]();
      if (round > 0) measured[name].push(value);
      await sleep(SETTLE_MS);
    }
  }
  return measured;
}
