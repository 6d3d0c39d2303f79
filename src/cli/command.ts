import type { Option, Options } from "../options/option.js";
import type { Groups } from "./options/addOptions.js";
import type { Dependencies, Io } from "./terminal/io.js";

type Intersection<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void
  ? I
  : never;
type All<G extends Groups> = Intersection<G[keyof G]>;
type ValueOf<O> = O extends { readonly kind: { readonly fits: (value: unknown) => value is infer T } }
  ? T
  : never;
interface Mandatory {
  readonly required: true;
}

/** What was typed for a command: what was not is absent. */
export type Flags<G extends Groups> = {
  readonly [K in keyof All<G> as All<G>[K] extends Mandatory ? never : K]?: ValueOf<All<G>[K]>;
} & { readonly [K in keyof All<G> as All<G>[K] extends Mandatory ? K : never]: ValueOf<All<G>[K]> };

/** Runs a command, and gives the exit code. */
export type Run<F> = (
  args: readonly string[],
  flags: F,
  io: Io,
  dependencies: Dependencies,
) => Promise<number>;

/** A command as the help shows it; what it does is loaded when it is called. */
export interface Command<G extends Groups = Groups> {
  readonly name: string;
  /** In the list of commands. */
  readonly summary: string;
  /** Above its own help. */
  readonly description?: string;
  readonly usage?: string;
  /** In commander's spelling, such as `[dataset]`, and what it is; absent where it takes none. */
  readonly argument?: readonly [spelling: string, help: string];
  readonly options: G;
  /** Examples and exit codes, below the options. */
  readonly help: string;
  readonly load: () => Promise<Run<Flags<G>>>;
  /** Commands of its own, by the word that follows its name. */
  readonly commands?: readonly Command[];
}

export const defineCommand = <const G extends Groups>(command: Command<G>): Command =>
  command as unknown as Command;

/** All options of a command, whatever their title. */
export const optionsIn = <G extends Groups>(groups: G): All<G> =>
  Object.assign({}, ...Object.values<Readonly<Record<string, Option>>>(groups)) as Options as All<G>;
