import { TonescoreError } from "../errors.js";
import { isRecord } from "./isRecord.js";
import { didYouMean } from "./suggest.js";

/** What a value from outside must be: in words, to follow "Expected", and as a test. */
export interface Kind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const kind = (expected: string, fits: (value: unknown) => boolean): Kind => ({ expected, fits });

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isFinite(value);

export const text = kind("a text", isText);
/** No path of any system holds a NUL, and none is empty. */
export const path = kind("a path", (value) => isText(value) && value !== "" && !value.includes("\0"));
export const callback = kind("a function", (value) => typeof value === "function");
export const flag = kind("true or false", (value) => typeof value === "boolean");
export const finite = kind("a finite number", isNumber);
export const record = kind("an object", isRecord);
export const list = kind("a list", Array.isArray);
export const numbers = kind(
  "a list of numbers",
  (value) => Array.isArray(value) && value.every((each) => typeof each === "number"),
);
/** Any realm's. Something else would fail later, in an event, where no caller can catch it. */
export const signal = kind(
  "an AbortSignal",
  (value) =>
    Object.prototype.toString.call(value) === "[object AbortSignal]" &&
    typeof (value as AbortSignal).addEventListener === "function" &&
    typeof (value as AbortSignal).removeEventListener === "function",
);

export const whole = (least: number, most: number): Kind =>
  kind(
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  );

export const number = (expected: string, fits: (value: number) => boolean): Kind =>
  kind(expected, (value) => isNumber(value) && fits(value));

export const oneOf = (names: readonly string[]): Kind =>
  kind(`one of ${names.join(", ")}`, (value) => isText(value) && names.includes(value));

export const either = (one: Kind, other: Kind): Kind =>
  kind(`${one.expected} or ${other.expected}`, (value) => one.fits(value) || other.fits(value));

export const listOf = (each: Kind): Kind =>
  kind(`a list, each of it ${each.expected}`, (value) => Array.isArray(value) && value.every(each.fits));

/** An object with these properties, of these kinds; `expected` says whose it is. */
export const shape = (expected: string, properties: Readonly<Record<string, Kind>>): Kind =>
  kind(expected, (value) => {
    if (!isRecord(value)) return false;
    return Object.entries(properties).every(([name, property]) => property.fits(value[name]));
  });

export const optional = ({ expected, fits }: Kind): Kind =>
  kind(`${expected} or nothing`, (value) => value === undefined || fits(value));

const LONGEST_SHOWN = 60;

/** A value in an error's words; the value may be anything, so nothing of its own is called. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    const cut = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
    return JSON.stringify(cut);
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object of another kind";
  return typeof value === "function" ? "a function" : String(value);
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` that names the argument. */
export function checkArgument(name: string, value: unknown, { expected, fits }: Kind): void {
  if (fits(value)) return;
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `Expected ${expected} for ${name} but received ${shown(value)}.`,
  );
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
