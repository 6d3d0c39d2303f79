import { type Context, createContext, runInContext } from "node:vm";
import { Template } from "@huggingface/jinja";
import { messageOf } from "../util/messageOf.js";
import { expected } from "../util/expected.js";

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

/** Templates come from strangers: far more than any needs that is known, of characters, milliseconds and steps. */
const MOST_CHARACTERS = 1_000_000;
const MOST_MILLISECONDS = 1000;
const MOST_STEPS = 10_000;

/** One for all, since each takes as long as many templates. */
let limited: Context | undefined;

/** What `work` gives; ended where it takes too long, whatever it does. */
function withinTime<T>(work: () => T): T {
  let result: T | undefined;
  limited ??= createContext();
  limited.run = (): void => {
    result = work();
  };
  runInContext("run()", limited, { timeout: MOST_MILLISECONDS });
  return result as T;
}

/** As Python's, for the loops of a template. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= MOST_STEPS)) throw new Error(`range() of ${length} steps is more than ${MOST_STEPS}`);
  return Array.from({ length }, (_, i) => start + i * step);
}

/** A parsed chat template that renders messages with a generation prompt at the end. */
export class JinjaTemplate {
  readonly #template: Template;

  constructor(source: string) {
    // The empty expression keeps a line break at the template's start from being trimmed with the block before it.
    const freeze = source.includes("strftime_now") ? "{% set strftime_now = frozen_day %}{{ '' }}" : "";
    const bound = source.includes("range") ? "{% set range = bounded_range %}{{ '' }}" : "";
    try {
      if (source.length > MOST_CHARACTERS) throw new Error(`it has more than ${MOST_CHARACTERS} characters`);
      this.#template = withinTime(() => new Template(freeze + bound + source));
    } catch (cause) {
      const but = `it cannot be parsed: ${messageOf(cause)}`;
      throw expected("a chat template in Jinja", { code: "ERR_CHAT_TEMPLATE", but, cause });
    }
  }

  render(messages: readonly Message[], variables: Readonly<Record<string, unknown>>): string {
    const text = withinTime(() =>
      this.#template.render({
        // Defined and none, as transformers passes them: templates ask for exactly that.
        tools: null,
        documents: null,
        ...variables,
        messages,
        add_generation_prompt: true,
        frozen_day: (format: string) =>
          format.replace(/%[YmdbBHM]/g, (directive) => FROZEN_DAY[directive] ?? directive),
        bounded_range: range,
      }),
    );
    if (text.length <= MOST_CHARACTERS) return text;
    throw new Error(`It prints more than ${MOST_CHARACTERS} characters.`);
  }
}
