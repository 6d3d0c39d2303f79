import { expected } from "../util/expected.js";
import { isRecord } from "../util/isRecord.js";
import { checkArgument, kind, text as textKind } from "../util/arguments.js";

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

type TextOf<P> = P extends { readonly name: infer N extends string; readonly seconds: number }
  ? N | `${N}:${number}`
  : P extends { readonly name: infer N extends string; readonly percent: number }
    ? `${N}:${number}`
    : P extends { readonly name: infer N extends string }
      ? N
      : never;
/** A {@link Pooling} as text. */
export type PoolingText = TextOf<Pooling>;

export const DEFAULT_POOLING: Pooling = { name: "logits" };

/** Recency's time constant as Hamberg and de Ridder fitted it to viewers (SMPTE Journal, 1999). */
const RECENCY_SECONDS = 26;
const HYSTERESIS_SECONDS = 2;

/** What a rule is told besides its name. */
interface Parameter {
  readonly name: "seconds" | "percent";
  readonly expected: string;
  readonly fits: (value: number) => boolean;
  readonly default?: number;
  /** Where an example is shown. */
  readonly example?: number;
}

const above0 = { name: "seconds", expected: "seconds above 0", fits: (value: number) => value > 0 } as const;

/** Every rule, in the order in which they are listed. */
const rules: Readonly<Record<Pooling["name"], Parameter | undefined>> = {
  logits: undefined,
  recency: { ...above0, default: RECENCY_SECONDS },
  mean: undefined,
  harmonic: undefined,
  percentile: {
    ...{ name: "percent", expected: "0 to 100", example: 10 },
    fits: (value) => value >= 0 && value <= 100,
  },
  hysteresis: { ...above0, default: HYSTERESIS_SECONDS },
};

const knownRules = new Map(Object.entries(rules));

/** A text of each rule, such as `percentile:10`. */
export const poolingForms = [...knownRules].map(([name, parameter]) =>
  parameter?.example === undefined ? name : `${name}:${parameter.example}`,
);

const syntax = [...knownRules]
  .map(([name, parameter]) => {
    if (!parameter) return name;
    return parameter.default === undefined ? `${name}:N` : `${name}[:${parameter.name}]`;
  })
  .join(", ");

/** A {@link Pooling}; text goes through {@link parsePooling} first. */
export const poolingKind = kind<Pooling>("a pooling as parsePooling gives it", (value) => {
  if (!isRecord(value) || typeof value.name !== "string" || !knownRules.has(value.name)) return false;
  const parameter = knownRules.get(value.name);
  const told = parameter && value[parameter.name];
  return !parameter || (Number.isFinite(told) && parameter.fits(Number(told)));
});

/**
 * A pooling rule from text such as `mean`, `percentile:10` or `hysteresis:2`.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`
 */
export function parsePooling(text: string): Pooling {
  checkArgument("the pooling", text, textKind);
  const [name = "", argument, ...more] = text.split(":");
  const parameter = knownRules.get(name);
  const fitting = parameter !== undefined || argument === undefined;
  if (!knownRules.has(name) || !fitting || more.length > 0) {
    throw expected(`one of ${syntax}`, { for: "the pooling", received: text });
  }
  if (!parameter) return { name } as Pooling;
  return { name, [parameter.name]: valueOf(text, argument, parameter) } as unknown as Pooling;
}

function valueOf(text: string, argument: string | undefined, parameter: Parameter): number {
  const given = argument === undefined || argument.trim() === "" ? undefined : Number(argument);
  const value = given ?? parameter.default ?? NaN;
  if (Number.isFinite(value) && parameter.fits(value)) return value;
  throw expected(`${parameter.expected} after the colon`, { for: "the pooling", received: text });
}

/** The text that {@link parsePooling} reads back. */
export function poolingText(pooling: Pooling): PoolingText {
  if (pooling.name === "percentile") return `percentile:${pooling.percent}`;
  return "seconds" in pooling ? `${pooling.name}:${pooling.seconds}` : pooling.name;
}
