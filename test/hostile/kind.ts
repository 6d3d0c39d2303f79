import type { Random } from "./random.js";
import type { Outcome, Sandbox } from "./sandbox.js";

/** A hostile input, made again from its seed, kind and index. */
export interface Mutant {
  readonly index: number;
  /** Bytes, since names need not be UTF-8. */
  readonly name: Buffer;
  readonly bytes: Buffer;
  /** Of what, and how it was made. */
  readonly how: string;
}

/** A kind of input, and how the product is given it. */
export interface Kind {
  readonly name: string;
  /** How many inputs one process is given. */
  readonly atOnce: number;
  readonly exitCodes: readonly number[];
  /** The most memory that a run may take, in bytes. */
  readonly memory: number;
  mutate(index: number, random: Random): Mutant;
  /** The command line for inputs that lie in the sandbox's folder `in`. */
  args(mutants: readonly Mutant[], sandbox: Sandbox): Promise<string[]> | string[];
  /** Looks at what a run that ended by itself has said. */
  check(outcome: Outcome, mutants: readonly Mutant[]): Verdict;
}

export interface Verdict {
  /** How many inputs were taken as healthy; the others were refused, each with its error. */
  readonly taken: number;
  /** What should not be. */
  readonly problems: readonly string[];
}
