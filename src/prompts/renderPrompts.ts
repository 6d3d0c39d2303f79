import { expected } from "../util/expected.js";
import type { NativeModelInfo } from "../native/addon.js";
import { renderTurn } from "./chatTemplate.js";
import { chooseTemplate } from "./namedTemplates.js";
import type { Preset } from "./preset.js";
import { cutPrompt, isPicture, PICTURE_MARK, type Prompt, type PromptPart, spaceAfter } from "./prompt.js";

/** What a model's metadata says about its prompts. */
export type PromptModel = Pick<NativeModelInfo, "chatTemplate" | "bosText" | "eosText" | "addsBos">;

export interface RenderOptions {
  /** A named template or Jinja text, instead of the model's own. */
  readonly chatTemplate?: string | undefined;
  /** How many pictures a prompt holds, by default one. */
  readonly pictures?: number | undefined;
}

/** The prompts of a preset for one model, one a question. */
export function renderPrompts(preset: Preset, model: PromptModel, options: RenderOptions = {}): Prompt[] {
  const { pictures = 1 } = options;
  const chat = preset.template === "chat";
  const source = chat ? chooseTemplate(model.chatTemplate, options.chatTemplate) : "";
  return preset.questions.map(({ question, prefill }) => {
    const turn = { system: preset.system, question, pictures, arguments: preset.templateArguments };
    const parts = chat ? renderTurn({ ...model, source }, turn) : rawParts(question, pictures);
    const space = chat && !/^\s/.test(prefill) ? spaceAfter(endOf(parts)) : "";
    const answer = { text: prefill === "" ? "" : space + prefill, special: false };
    return short(cutPrompt([...withoutDoubleBos(parts, model), answer]));
  });
}

/** More than any question takes; some tokenizers take a time that grows with the square of the length. */
const MOST_CHARACTERS = 20_000;

/** @throws {TonescoreError} `ERR_PRESET` */
function short(prompt: Prompt): Prompt {
  if (prompt.text.length <= MOST_CHARACTERS) return prompt;
  throw expected(`a prompt of at most ${MOST_CHARACTERS} characters`, {
    code: "ERR_PRESET",
    received: prompt.text.length,
    remedy: "Shorten the question, the system turn or the chat template.",
  });
}

function rawParts(prompt: string, pictures: number): PromptPart[] {
  const [before = "", after = ""] = prompt.split(PICTURE_MARK);
  const slots = Array.from({ length: pictures }, () => ({ picture: true }) as const);
  return [{ text: before, special: true }, ...slots, { text: after, special: true }];
}

/** The tokenizer puts its begin-of-sequence token in front whatever the text is, so the text must not have it too. */
function withoutDoubleBos(parts: readonly PromptPart[], { addsBos, bosText }: PromptModel): PromptPart[] {
  const [first, ...rest] = parts;
  if (!first || isPicture(first) || !first.special || !addsBos || !first.text.startsWith(bosText))
    return [...parts];
  return [{ text: first.text.slice(bosText.length), special: true }, ...rest];
}

function endOf(parts: readonly PromptPart[]): string {
  const last = parts.at(-1);
  return last && !isPicture(last) ? last.text : "";
}
