import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Choices that are the same for the same seed, kind and index, whatever else was drawn before. */
export class Random {
  readonly #generator: RandomGenerator;

  constructor(seed: number, kind: string, index: number) {
    const hash = createHash("sha256").update(`${seed} ${kind} ${index}`).digest();
    this.#generator = xoroshiro128plus(hash.readInt32LE());
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  chance(probability: number): boolean {
    return uniformFloat64(this.#generator) < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error("Expected something to pick from.");
    return items[this.int(0, items.length - 1)] as T;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.int(0, 255)));
  }
}
