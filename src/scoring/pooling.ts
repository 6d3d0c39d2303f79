import { expected } from "../util/expected.js";
import { checkArgument, either, number, oneOf, shape, text as textKind } from "../util/arguments.js";

/** How frame results become one video result. */
export type Pooling =
  /** Each word's logits averaged over the frames, then the preset's rule: the papers' way, and the default. */
  | { readonly name: "logits" }
  /** The same with weights that grow towards the end: a frame `seconds` earlier counts 1/e as much. */
  | { readonly name: "recency"; readonly seconds: number }
  | { readonly name: "mean" }
  | { readonly name: "harmonic" }
  | { readonly name: "percentile"; readonly percent: number }
  /** Viewers react at once to a drop and forgive it slowly; `seconds` is how far memory and expectation reach. */
  | { readonly name: "hysteresis"; readonly seconds: number };

type Timed = "recency" | "hysteresis";
/** A {@link Pooling} as text. */
export type PoolingText =
  "logits" | "mean" | "harmonic" | Timed | `${Timed}:${number}` | `percentile:${number}`;

export const DEFAULT_POOLING: Pooling = { name: "logits" };

const positive = number("a number above 0", (value) => value > 0);

/** A {@link Pooling}; text goes through {@link parsePooling} first. */
export const poolingKind = either(
  shape("a pooling as parsePooling gives it", { name: oneOf(["logits", "mean", "harmonic"]) }),
  either(
    shape("one with seconds", { name: oneOf(["recency", "hysteresis"]), seconds: positive }),
    shape("one with a percent", {
      name: oneOf(["percentile"]),
      percent: number("a number from 0 to 100", (value) => value >= 0 && value <= 100),
    }),
  ),
);

/** Recency's time constant as Hamberg and de Ridder fitted it to viewers (SMPTE Journal, 1999). */
const RECENCY_SECONDS = 26;
const HYSTERESIS_SECONDS = 2;

const FORMS = "logits, recency[:seconds], mean, harmonic, percentile:N, hysteresis[:seconds]";

/** A pooling rule from text such as `mean`, `percentile:10` or `hysteresis:2`. */
export function parsePooling(text: string): Pooling {
  checkArgument("the pooling", text, textKind);
  const [name, argument, ...more] = text.split(":");
  const value = argument === undefined || argument.trim() === "" ? undefined : Number(argument);
  const seconds = (fallback: number) =>
    check(text, value ?? fallback, (number) => number > 0, "seconds above 0");
  if (more.length === 0) {
    if (name === "recency") return { name, seconds: seconds(RECENCY_SECONDS) };
    if (name === "hysteresis") return { name, seconds: seconds(HYSTERESIS_SECONDS) };
    if (name === "percentile") {
      return {
        name,
        percent: check(text, value ?? NaN, (number) => number >= 0 && number <= 100, "0 to 100"),
      };
    }
    if ((name === "logits" || name === "mean" || name === "harmonic") && argument === undefined)
      return { name };
  }
  throw expected(`one of ${FORMS}`, { for: "the pooling", received: text });
}

/** The text that {@link parsePooling} reads back. */
export function poolingText(pooling: Pooling): PoolingText {
  if (pooling.name === "percentile") return `percentile:${pooling.percent}`;
  return "seconds" in pooling ? `${pooling.name}:${pooling.seconds}` : pooling.name;
}

function check(text: string, value: number, fits: (value: number) => boolean, what: string): number {
  if (Number.isFinite(value) && fits(value)) return value;
  throw expected(`${what} after the colon`, { for: "the pooling", received: text });
}
