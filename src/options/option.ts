import { expected } from "../util/expected.js";
import { checkOptions, type Kind, listOf } from "../util/arguments.js";

/** How an option is given on a command line, and what the help says of it. */
export interface Flag {
  /** Such as `-m, --model <file|folder>`. */
  readonly spelling: string;
  readonly help: string;
  /** What happens without it, where that is no one value. */
  readonly otherwise?: string;
  /** What the help says of its opposite, spelled `--no-…`, where there is one. */
  readonly opposite?: string;
  /** Options that cannot be given beside it. */
  readonly conflicts?: readonly string[];
  /** Adds a further text to the value so far, where it may be repeated. */
  readonly gather?: (text: string, earlier: unknown) => unknown;
}

/**
 * One option, and all that there is to know of it: the library's check, its types, the command line with its help, and
 * the settings in a header are made from this.
 */
export interface Option<T = unknown> {
  readonly kind: Kind<T>;
  readonly default?: T;
  /** Absent where only programs can give it. */
  readonly flag?: Flag;
  /** It may name a file that is read, over which nothing is written. */
  readonly namesFile?: true;
  /** It bears on the results, so their header has it. */
  readonly recorded?: true;
  /** The command line does not go without it. */
  readonly required?: true;
}

/** Options by name. */
export type Options = Readonly<Record<string, Option>>;

export const option = <T, const R extends Omit<Option<T>, "kind">>(
  kind: Kind<T>,
  rest: R,
): R & { readonly kind: Kind<T> } => ({ ...rest, kind });

/** An option of a command that may be repeated; each value is held against the kind. */
export const several = <T>(
  { kind, flag, namesFile }: Option<T>,
  help: string,
): Option<readonly T[]> & { readonly flag: Flag } => ({
  kind: listOf(kind),
  ...(namesFile && { namesFile }),
  flag: {
    spelling: flag?.spelling ?? "",
    help,
    gather: (text, earlier) => {
      const value = kind.read?.(text) ?? text;
      if (kind.fits(value)) return [...((earlier as T[] | undefined) ?? []), value];
      throw expected(kind.expected, { received: text });
    },
  },
});

type ValueOf<O> = O extends { readonly kind: Kind<infer T> } ? T : never;
type Certain = { readonly default: unknown } | { readonly required: true };

/** Options as they were typed: what was not is absent. */
export type Typed<O extends Options> = { readonly [K in keyof O]?: ValueOf<O[K]> };

/** Options with their defaults: what has none, and was not given, is undefined. */
export type Resolved<O extends Options> = {
  readonly [K in keyof O]: ValueOf<O[K]> | (O[K] extends Certain ? never : undefined);
};

/** The settings that a header keeps. */
export type Recorded<O extends Options> = {
  readonly [K in keyof O as O[K] extends { readonly recorded: true } & Certain ? K : never]: ValueOf<O[K]>;
} & {
  readonly [
    K in keyof O as O[K] extends Certain ? never : O[K] extends { readonly recorded: true } ? K : never
  ]?: ValueOf<O[K]>;
};

/**
 * Checks options that a program gave, each of which may be left out or undefined.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` that names the option, a misspelled one too
 */
export function checkTyped(table: Options, typed: unknown): void {
  checkOptions(typed, Object.fromEntries(Object.entries(table).map(([name, { kind }]) => [name, kind])));
}

/** Fills in the defaults. */
export const resolve = <O extends Options>(table: O, typed: Typed<O>): Resolved<O> =>
  Object.fromEntries(
    Object.entries(table).map(([name, each]) => [name, typed[name] ?? each.default]),
  ) as Resolved<O>;

/** What was typed of the options of a table, which may be some of many. */
export const typedOf = <O extends Options>(table: O, typed: object): Typed<O> =>
  Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => Object.hasOwn(table, name) && value !== undefined),
  ) as Typed<O>;
