import { Template } from "@huggingface/jinja";
import { TonescoreError } from "../errors.js";

/** A message's content: a string, or parts as the multimodal templates take them. */
export type Content = string | ({ type: "image" } | { type: "text"; text: string })[];

export interface Message {
  readonly role: "system" | "user";
  readonly content: Content;
}

/** Some templates print the day. A score must not change with it, so for them it is always this one. */
const FROZEN_DAY: Readonly<Record<string, string>> = {
  "%Y": "2024",
  "%m": "07",
  "%d": "26",
  "%b": "Jul",
  "%B": "July",
  "%H": "00",
  "%M": "00",
};

/** A parsed chat template that renders messages with a generation prompt at the end. */
export class JinjaTemplate {
  readonly #template: Template;

  constructor(source: string) {
    // The empty expression keeps a line break at the template's start from being trimmed with the block before it.
    const freeze = source.includes("strftime_now") ? "{% set strftime_now = frozen_day %}{{ '' }}" : "";
    try {
      this.#template = new Template(freeze + source);
    } catch (cause) {
      throw new TonescoreError("ERR_CHAT_TEMPLATE", `The chat template cannot be parsed: ${String(cause)}`, {
        cause,
      });
    }
  }

  render(messages: readonly Message[], variables: Readonly<Record<string, unknown>>): string {
    return this.#template.render({
      // Defined and none, as transformers passes them: templates ask for exactly that.
      tools: null,
      documents: null,
      ...variables,
      messages,
      add_generation_prompt: true,
      frozen_day: (format: string) =>
        format.replace(/%[YmdbBHM]/g, (directive) => FROZEN_DAY[directive] ?? directive),
    });
  }
}
