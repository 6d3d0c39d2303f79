import { type ErrorCode, TonescoreError } from "../errors.js";
import { shown } from "./shown.js";

/** What there is in place of what was expected. */
type Instead =
  /** A value, whatever it is. */
  | { readonly received: unknown }
  /** What follows "but", where no value says it: `nothing is there`. */
  | { readonly but: string };

type Mistake = Instead & {
  /** The argument or option, as the user knows it. */
  readonly for?: string;
  /** In whole sentences, what to do. */
  readonly remedy?: string;
  /** Default: `ERR_INVALID_ARGUMENT`. */
  readonly code?: ErrorCode;
  readonly cause?: unknown;
};

/** Says what was expected, what there is instead, and what to do: the form of every message about what a user gave. */
export function expected(what: string, mistake: Mistake): TonescoreError {
  const { code = "ERR_INVALID_ARGUMENT", for: place, remedy, cause } = mistake;
  const wanted = place === undefined ? what : `${what} for ${place}`;
  const instead = "but" in mistake ? `, but ${mistake.but}` : ` but received ${shown(mistake.received)}`;
  const message = `Expected ${wanted}${instead}.${remedy === undefined ? "" : ` ${remedy}`}`;
  return new TonescoreError(code, message, cause === undefined ? undefined : { cause });
}
