import { TonescoreError } from "../errors.js";
import { expected } from "./expected.js";
import { isRecord } from "./isRecord.js";
import { shown } from "./shown.js";
import { didYouMean } from "./suggest.js";

/** What a value from outside must be: in words, to follow "Expected", and as a test. */
export interface Kind<T = unknown> {
  readonly expected: string;
  readonly fits: (value: unknown) => value is T;
  /** The value that a text on a command line means; the text itself where absent. */
  readonly read?: (text: string) => unknown;
  /** All values, where they are few texts. */
  readonly names?: readonly string[];
}

export const kind = <T>(
  expected: string,
  fits: (value: unknown) => boolean,
  read?: (text: string) => unknown,
): Kind<T> => ({ expected, fits: fits as Kind<T>["fits"], ...(read && { read }) });

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const readNumber = (text: string): number => (text.trim() === "" ? NaN : Number(text));

export const text = kind<string>("a text", isText);
/** No path of any system holds a NUL, and none is empty. */
export const path = kind<string>("a path", (value) => isText(value) && value !== "" && !value.includes("\0"));
/** A function of any kind; what it is called with cannot be checked. */
export const callback = <F>(): Kind<F> => kind<F>("a function", (value) => typeof value === "function");
export const flag = kind<boolean>("true or false", (value) => typeof value === "boolean");
export const record = kind<Readonly<Record<string, unknown>>>("an object", isRecord);
export const list = kind<readonly unknown[]>("a list", Array.isArray);
export const numbers = kind<readonly number[]>(
  "a list of numbers",
  (value) => Array.isArray(value) && value.every((each) => typeof each === "number"),
);
/** Any realm's. Something else would fail later, in an event, where no caller can catch it. */
export const signal = kind<AbortSignal>(
  "an AbortSignal",
  (value) =>
    Object.prototype.toString.call(value) === "[object AbortSignal]" &&
    typeof (value as AbortSignal).addEventListener === "function" &&
    typeof (value as AbortSignal).removeEventListener === "function",
);

export const number = (expected: string, fits: (value: number) => boolean): Kind<number> =>
  kind(expected, (value) => isNumber(value) && fits(value), readNumber);

export const finite = number("a finite number", () => true);

export const whole = (least: number, most: number): Kind<number> =>
  number(
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && value >= least && value <= most,
  );

export const oneOf = <N extends string>(names: readonly N[]): Kind<N> => ({
  ...kind<N>(`one of ${names.join(", ")}`, (value) => names.some((name) => name === value)),
  names,
});

export const either = <A, B>(one: Kind<A>, other: Kind<B>): Kind<A | B> =>
  kind(`${one.expected} or ${other.expected}`, (value) => one.fits(value) || other.fits(value));

export const listOf = <T>(each: Kind<T>): Kind<readonly T[]> =>
  kind(`a list, each of it ${each.expected}`, (value) => Array.isArray(value) && value.every(each.fits));

/** An object with these properties, of these kinds; `expected` says whose it is. */
export const shape = <T = unknown>(expected: string, properties: Readonly<Record<string, Kind>>): Kind<T> =>
  kind(expected, (value) => {
    if (!isRecord(value)) return false;
    return Object.entries(properties).every(([name, property]) => property.fits(value[name]));
  });

export const optional = <T>({ expected, fits }: Kind<T>): Kind<T | undefined> =>
  kind(`${expected} or nothing`, (value) => value === undefined || fits(value));

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` that names the argument. */
export function checkArgument(name: string, value: unknown, kind: Kind): void {
  if (!kind.fits(value)) throw expected(kind.expected, { for: name, received: value });
}

/**
 * Checks an object of options, each of which may be left out or undefined.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` that names the option, a misspelled one too.
 */
export function checkOptions(options: unknown, kinds: Readonly<Record<string, Kind>>): void {
  checkArgument("the options", options, record);
  const known = new Map(Object.entries(kinds));
  for (const [name, value] of Object.entries(options as object) as [string, unknown][]) {
    const kind = known.get(name);
    if (!kind) {
      const hint = didYouMean(name, known.keys());
      throw new TonescoreError("ERR_INVALID_ARGUMENT", `There is no option ${shown(name)}${hint}.`);
    }
    if (value !== undefined) checkArgument(name, value, kind);
  }
}
