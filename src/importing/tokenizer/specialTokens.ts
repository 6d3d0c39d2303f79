import { isRecord } from "../../util/isRecord.js";
import type { Metadata } from "../gguf/metadata.js";
import type { AddedToken } from "./tokens.js";
import type { TokenizerFiles } from "./tokenizerFiles.js";

type Json = Readonly<Record<string, unknown>>;

/** What each special token is called in a checkpoint, and in a GGUF. */
const names = {
  bos: "bos",
  eos: "eos",
  unk: "unknown",
  sep: "seperator", // as llama.cpp spells it
  pad: "padding",
  cls: "cls",
  mask: "mask",
} as const;
type Name = keyof typeof names;

/** Which of them a GGUF can say that are put around every text. */
const added: readonly Name[] = ["bos", "eos", "sep"];

interface Specials {
  readonly ids: Map<Name, number>;
  readonly adds: Map<Name, boolean>;
}

/**
 * Says which tokens are special, and which of them stand around every text.
 * @param size of the vocabulary; undefined where an id beyond it is kept.
 */
export function addSpecialTokens(
  metadata: Metadata,
  files: TokenizerFiles,
  listed: readonly AddedToken[],
  config: Json,
  size?: number,
): void {
  const { ids, adds } = findSpecials(files, listed, config, size);
  for (const [name, id] of ids) metadata.whole(`tokenizer.ggml.${names[name]}_token_id`, id);
  for (const [name, adding] of adds) {
    if (added.includes(name)) metadata.flag(`tokenizer.ggml.add_${name}_token`, adding);
  }
}

function findSpecials(
  { tokenizer, config: tokenizerConfig }: TokenizerFiles,
  listed: readonly AddedToken[],
  config: Json,
  size: number | undefined,
): Specials {
  const ids = new Map<Name, number>();
  const adds = new Map<Name, boolean>();
  const put = (name: Name, id: unknown): void => {
    const known =
      typeof id === "number" && Number.isInteger(id) && id >= 0 && (size === undefined || id < size);
    if (known && !ids.has(name)) ids.set(name, id);
  };
  const texts = new Map(
    (Object.keys(names) as Name[]).map((name) => [name, textOf(tokenizerConfig?.[`${name}_token`])]),
  );
  if (tokenizer) readTemplate(tokenizer.post_processor, texts, adds);
  for (const name of tokenizerConfig ? (Object.keys(names) as Name[]) : []) {
    const adding = tokenizerConfig?.[`add_${name}_token`];
    if (typeof adding === "boolean") adds.set(name, adding);
    const text = texts.get(name);
    put(name, text === undefined ? undefined : listed.find((each) => each.text === text)?.id);
  }
  const part = isRecord(config.text_config) ? config.text_config : {};
  for (const name of Object.keys(names) as Name[])
    put(name, config[`${name}_token_id`] ?? part[`${name}_token_id`]);
  return { ids, adds };
}

/** A token is named by its text, or described. */
function textOf(entry: unknown): string | undefined {
  const text = isRecord(entry) ? entry.content : entry;
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** A template says what stands around one text, and between two. */
function readTemplate(
  processor: unknown,
  texts: Map<Name, string | undefined>,
  adds: Map<Name, boolean>,
): void {
  const steps =
    isRecord(processor) && Array.isArray(processor.processors)
      ? (processor.processors as unknown[])
      : [processor];
  for (const step of steps) {
    if (!isRecord(step) || step.type !== "TemplateProcessing") continue;
    const single = list(step.single);
    const pair = list(step.pair);
    const first = single.length > 1 ? special(single[0]) : undefined;
    const last = single.length > 1 ? special(single.at(-1)) : undefined;
    if (first !== undefined) {
      if (texts.get("bos") === undefined) texts.set("bos", first);
      adds.set("bos", [texts.get("bos"), texts.get("cls")].includes(first));
    }
    if (last !== undefined) {
      texts.set("eos", last);
      adds.set("eos", true);
    }
    const from = first !== undefined && special(pair[0]) === first ? 1 : 0;
    const to = last !== undefined && special(pair.at(-1)) === last ? -1 : undefined;
    const between = pair.slice(from, to);
    if (between.length <= 2 || sequence(between[0]) !== "A" || sequence(between.at(-1)) !== "B") continue;
    const [one, two] = between.slice(1, -1).map(special);
    const known = (text: string | undefined): boolean =>
      text !== undefined && [texts.get("sep"), texts.get("eos")].includes(text);
    adds.set("sep", (known(one) && last === undefined) || (between.length === 4 && known(two)));
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function idOf(step: unknown, kind: "SpecialToken" | "Sequence"): string | undefined {
  const inner = isRecord(step) ? step[kind] : undefined;
  const id = isRecord(inner) ? inner.id : undefined;
  return typeof id === "string" ? id : undefined;
}
const special = (step: unknown): string | undefined => idOf(step, "SpecialToken");
const sequence = (step: unknown): string | undefined => idOf(step, "Sequence");
