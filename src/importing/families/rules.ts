import { shown } from "../../util/shown.js";
import { invalid } from "../checkpoint/invalid.js";
import { shapeText, type StoredTensor, type WeightType } from "../checkpoint/storedTensor.js";
import type { PlannedTensor } from "../tensors/plannedTensor.js";
import type { Selection } from "../tensors/rearrange.js";

/** A tensor that is made of one of the checkpoint. */
interface Made {
  readonly name: string;
  /** That of the source where absent. */
  readonly shape?: readonly number[];
  /** What its name and shape say where absent. */
  readonly type?: WeightType;
  readonly select?: Selection;
  readonly map?: (value: number) => number;
}

/** A tensor that a checkpoint has: the shape that its config.json asks for, and what becomes of it. */
export interface Rule {
  readonly shape: readonly number[];
  readonly made: readonly Made[];
  readonly optional?: boolean;
}

/** By the names that the checkpoint's are brought to. */
export type Rules = Map<string, Rule>;

export const rule = (shape: readonly number[], name: string, more: Omit<Made, "name"> = {}): Rule => ({
  shape,
  made: [{ name, ...more }],
});

/** A weight and a bias of a linear layer: [outputs, inputs] and [outputs]. */
export function addLinear(rules: Rules, from: string, to: string, shape: readonly [number, number]): void {
  rules.set(`${from}.weight`, rule(shape, `${to}.weight`));
  rules.set(`${from}.bias`, rule([shape[0]], `${to}.bias`));
}

/** A norm with a weight and a bias. */
export function addNorm(rules: Rules, from: string, to: string, size: number): void {
  rules.set(`${from}.weight`, rule([size], `${to}.weight`));
  rules.set(`${from}.bias`, rule([size], `${to}.bias`));
}

/** What no model needs, though old checkpoints have it: constants. */
const isConstant = (name: string): boolean =>
  [".rotary_emb.inv_freq", ".attention.masked_bias", ".attention.bias", ".position_ids"].some((end) =>
    name.endsWith(end),
  );

/** Vectors and norms are kept as they are computed with. */
function typeOf({ name, type }: Made, shape: readonly number[], weights: WeightType): WeightType {
  if (shape.length <= 1 || name.endsWith("_norm.weight")) return "F32";
  return type ?? (name.endsWith(".weight") ? weights : "F32");
}

/**
 * Plans the tensors of one file, in the order of the checkpoint.
 * @param nameOf the name in the rules, of one in the checkpoint; undefined for what does not belong here.
 * @param place the checkpoint, as the user knows it.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` for a tensor that is missing, unknown, of another shape or no weights.
 */
export function applyRules(
  tensors: ReadonlyMap<string, StoredTensor>,
  rules: ReadonlyMap<string, Rule>,
  nameOf: (name: string) => string | undefined,
  weights: WeightType,
  place: string,
): PlannedTensor[] {
  const planned: PlannedTensor[] = [];
  const seen = new Set<string>();
  for (const [name, source] of tensors) {
    const known = nameOf(name);
    if (known === undefined || isConstant(name)) continue;
    const found = rules.get(known);
    if (found === undefined) {
      throw invalid(
        `in "${place}" the tensors that its config.json asks for`,
        `there is ${shown(name)} besides`,
      );
    }
    if (seen.has(known))
      throw invalid(`in "${place}" each tensor once`, `${shown(name)} is there by two names`);
    seen.add(known);
    planned.push(...plan(found, name, source, weights, place));
  }
  for (const [name, { optional = false }] of rules) {
    if (!optional && !seen.has(name)) {
      throw invalid(`in "${place}" the tensors that its config.json asks for`, `${shown(name)} is missing`);
    }
  }
  return planned;
}

function plan(
  { shape, made }: Rule,
  name: string,
  source: StoredTensor,
  weights: WeightType,
  place: string,
): PlannedTensor[] {
  const { type } = source;
  if (shapeText(source.shape) !== shapeText(shape)) {
    const what = `${shown(name)} in "${place}" to have the shape ${shapeText(shape)} that its config.json asks for`;
    throw invalid(what, `it has ${shapeText(source.shape)}`);
  }
  if (type !== "F32" && type !== "F16" && type !== "BF16") {
    const remedy = "A checkpoint that is quantised already is not imported; take the original.";
    throw invalid(`${shown(name)} in "${place}" to be of type F32, F16 or BF16`, `it is of ${type}`, remedy);
  }
  return made.map((each) => ({
    name: each.name,
    shape: each.shape ?? shape,
    type: typeOf(each, each.shape ?? shape, weights),
    source: { ...source, type },
    ...(each.select && { select: each.select }),
    ...(each.map && { map: each.map }),
  }));
}

/** The type of 16 bits that a checkpoint's weights have, or can be kept in. */
export function shortType(tensors: Iterable<StoredTensor>): "F16" | "BF16" {
  for (const { type, shape } of tensors) {
    if (shape.length >= 2 && (type === "BF16" || type === "F16")) return type;
  }
  return "F16";
}
