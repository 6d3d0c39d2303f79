import { InvalidArgumentError } from "commander";
import { didYouMean } from "../../util/suggest.js";

/** Parsers of option values: each names what was expected; commander names the option and what came. */
type Parser<T> = (text: string) => T;

function numberWhere(expected: string, fits: (value: number) => boolean): Parser<number> {
  return (text) => {
    const value = text.trim() === "" ? NaN : Number(text);
    if (Number.isFinite(value) && fits(value)) return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

export const anyNumber = numberWhere("a number", () => true);
export const positiveNumber = numberWhere("a number above 0", (value) => value > 0);
export const notNegative = numberWhere("a number, 0 or more", (value) => value >= 0);
export const positiveInteger = numberWhere(
  "a whole number, 1 or more",
  (value) => Number.isSafeInteger(value) && value >= 1,
);
export const wholeNumber = numberWhere(
  "a whole number, 0 or more",
  (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 31,
);
export const severalFolds = numberWhere(
  "a whole number from 2 to 100",
  (value) => Number.isInteger(value) && value >= 2 && value <= 100,
);
export const fraction = numberWhere("a number from 0 to 1", (value) => value >= 0 && value <= 1);

export function oneOf<T extends string>(names: readonly T[]): Parser<T> {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`Expected one of ${names.join(", ")}${didYouMean(text, names)}.`);
  };
}

/** A report's name; a picture that follows the option must not be taken for it and written over. */
export function htmlFile(text: string): string {
  if (/\.html?$/i.test(text)) return text;
  throw new InvalidArgumentError("Expected a file name that ends in .html.");
}

/** Gathers what a repeated option is given. */
export const several = (text: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  text,
];

/** Gathers repeated `KEY=JSON` into one record. */
export function keyAndJson(
  text: string,
  earlier: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const [, key, json] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || json === undefined) {
    throw new InvalidArgumentError("Expected KEY=JSON, such as enable_thinking=false.");
  }
  try {
    return { ...earlier, [key]: JSON.parse(json) as unknown };
  } catch {
    throw new InvalidArgumentError(
      `Expected JSON after ${key}=; a text needs quotes, as in ${key}='"text"'.`,
    );
  }
}

/** Whether a parser takes an option that is repeated. */
export const gathers = (parser: unknown): boolean => parser === several || parser === keyAndJson;
