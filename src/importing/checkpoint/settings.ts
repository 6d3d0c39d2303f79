import { isRecord } from "../../util/isRecord.js";
import { shown } from "../../util/shown.js";
import { invalid } from "./invalid.js";

/** No size in a model is beyond it: the largest vocabularies have a quarter of a million tokens. */
const LARGEST = 1 << 22;

/** What a checkpoint's config.json, or a part of it, says; each value is checked when it is asked for. */
export class Settings {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    /** What the user knows it by. */
    private readonly place: string,
  ) {}

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  /** A whole number of at least 1. @param otherwise what it is where nothing is said. */
  size(key: string, otherwise?: number, most = LARGEST): number {
    const fits = (value: unknown): value is number =>
      Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
    return this.#get(key, otherwise, fits, `a whole number from 1 to ${most}`);
  }

  whole(key: string, otherwise?: number): number {
    return this.#get(
      key,
      otherwise,
      (value): value is number => Number.isSafeInteger(value),
      "a whole number",
    );
  }

  number(key: string, otherwise?: number): number {
    return this.#get(key, otherwise, (value): value is number => Number.isFinite(value), "a number");
  }

  flag(key: string, otherwise: boolean): boolean {
    return this.#get(
      key,
      otherwise,
      (value): value is boolean => typeof value === "boolean",
      "true or false",
    );
  }

  text(key: string, otherwise?: string): string {
    return this.#get(key, otherwise, (value): value is string => typeof value === "string", "a text");
  }

  numbers(key: string, count?: number, otherwise?: readonly number[]): readonly number[] {
    const fits = (value: unknown): value is number[] =>
      Array.isArray(value) &&
      value.length <= 1000 &&
      (count === undefined || value.length === count) &&
      value.every((each) => Number.isFinite(each));
    return this.#get(key, otherwise, fits, count === undefined ? "a list of numbers" : `${count} numbers`);
  }

  texts(key: string, otherwise?: readonly string[]): readonly string[] {
    const fits = (value: unknown): value is string[] =>
      Array.isArray(value) && value.length <= 1000 && value.every((each) => typeof each === "string");
    return this.#get(key, otherwise, fits, "a list of texts");
  }

  /** What stands in an object of it; empty where there is none. */
  part(key: string): Settings {
    const value = this.values[key];
    return new Settings(isRecord(value) ? value : {}, this.place);
  }

  /** These, and where they say nothing, others. */
  over(others: Settings): Settings {
    const said = Object.entries(this.values).filter(([, value]) => value !== undefined && value !== null);
    return new Settings({ ...others.values, ...Object.fromEntries(said) }, this.place);
  }

  refuse(key: string, expected: string): never {
    throw invalid(`${expected} for ${key} in "${this.place}"`, `it says ${shown(this.values[key])}`);
  }

  #get<T>(key: string, otherwise: T | undefined, fits: (value: unknown) => value is T, expected: string): T {
    const value = this.values[key] ?? otherwise;
    return fits(value) ? value : this.refuse(key, expected);
  }
}
