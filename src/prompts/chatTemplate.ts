import { randomUUID } from "node:crypto";
import { messageOf } from "../util/messageOf.js";
import { expected } from "../util/expected.js";
import { type Content, JinjaTemplate, type Message } from "./jinja.js";
import type { PromptPart } from "./prompt.js";

/** A chat template's Jinja source, and the texts of the model's tokens that it may print. */
export interface ChatTemplate {
  readonly source: string;
  readonly bosText: string;
  readonly eosText: string;
}

/** One user turn about some pictures. */
export interface Turn {
  readonly system?: string | undefined;
  readonly question: string;
  readonly pictures: number;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * What a model's own processor writes before and after a picture, by what its template prints for one: Gemma 3's and
 * 3n's. libmtmd knows the tokens between these texts and the picture, but not the texts.
 */
const AROUND: ReadonlyMap<string, string> = new Map([
  ["<start_of_image>", "\n\n"],
  ["<image_soft_token>", "\n\n"],
]);

/** The ways in which templates take content, in the order they are tried. */
const SHAPES = [
  { system: "typed", user: "typed" },
  { system: "string", user: "typed" },
  { system: "string", user: "string" },
] as const;

/**
 * Renders one turn, up to where the answer begins. Pictures and user text are rendered as placeholders nobody can guess
 * and put back afterwards, so user text cannot become markup, nor be mistaken for a picture.
 */
export function renderTurn(template: ChatTemplate, turn: Turn): PromptPart[] {
  const renderer = new TurnRenderer(template, turn);
  const failures: string[] = [];
  for (const shape of SHAPES) {
    try {
      return renderer.render(shape.system, shape.user);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  const [typed = "", , string = ""] = failures;
  throw expected("a chat template that takes a question about a picture", {
    code: "ERR_CHAT_TEMPLATE",
    but: `this one does not. With typed content: ${typed}. With plain text: ${string}`,
    remedy: "Give another template, by name or as Jinja text.",
  });
}

class TurnRenderer {
  readonly #jinja: JinjaTemplate;
  readonly #system = placeholder();
  readonly #question = placeholder();
  readonly #picture = placeholder();

  constructor(
    readonly template: ChatTemplate,
    readonly turn: Turn,
  ) {
    this.#jinja = new JinjaTemplate(template.source);
  }

  render(system: "typed" | "string", user: "typed" | "string"): PromptPart[] {
    const text =
      user === "typed"
        ? this.#withoutPictureText(system)
        : this.#run(system, this.#picture.repeat(this.turn.pictures) + this.#question);
    this.#expectCounts(text);
    return this.#split(text);
  }

  /** What the template prints for a picture, markup of the model included, gives way to our placeholder. */
  #withoutPictureText(system: "typed" | "string"): string {
    const pictures = Array.from({ length: this.turn.pictures }, () => ({ type: "image" }) as const);
    const text = this.#run(system, [...pictures, { type: "text", text: this.#question }]);
    const printed = this.#pictureText(system);
    const around = AROUND.get(printed) ?? "";
    return text.replaceAll(printed, around + this.#picture + around);
  }

  /**
   * What the template prints for a picture is what stands between two texts when a picture does. libmtmd adds a model's
   * begin and end tokens itself, so they go too; words ("Picture 1: ") and line breaks around the markup stay.
   */
  #pictureText(system: "typed" | "string"): string {
    const [before, after] = [placeholder(), placeholder()];
    const probe = this.#run(system, [
      { type: "text", text: before },
      { type: "image" },
      { type: "text", text: after },
    ]);
    const between = new RegExp(`${before}(.*)${after}`, "s").exec(probe)?.[1] ?? "";
    const markup = /[<[\]].*[>[\]]/s.exec(between)?.[0] ?? between.trim();
    if (markup === "") throw new Error("it prints nothing for a picture");
    return markup;
  }

  #run(system: "typed" | "string", content: Content): string {
    const messages: Message[] = [{ role: "user", content }];
    if (this.turn.system !== undefined) {
      const text = this.#system;
      messages.unshift({ role: "system", content: system === "typed" ? [{ type: "text", text }] : text });
    }
    const { bosText, eosText } = this.template;
    return this.#jinja.render(messages, { ...this.turn.arguments, bos_token: bosText, eos_token: eosText });
  }

  #expectCounts(text: string): void {
    expectCount(text, this.#question, 1, "the question");
    expectCount(text, this.#picture, this.turn.pictures, "the picture");
    if (this.turn.system !== undefined) expectCount(text, this.#system, 1, "the system text");
  }

  #split(text: string): PromptPart[] {
    const { system = "", question } = this.turn;
    const known = new Map<string, PromptPart>([
      [this.#picture, { picture: true }],
      [this.#question, { text: question, special: false }],
      [this.#system, { text: system, special: false }],
    ]);
    const pieces = text.split(new RegExp(`(${[...known.keys()].join("|")})`));
    return pieces.map((piece) => known.get(piece) ?? { text: piece, special: true });
  }
}

/** Private-use characters around it keep it whole under filters such as `trim` and `capitalize`. */
function placeholder(): string {
  return `\u{E000}${randomUUID()}\u{E001}`;
}

function expectCount(text: string, part: string, expected: number, what: string): void {
  const found = text.split(part).length - 1;
  if (found === expected) return;
  if (found === 0) throw new Error(`it leaves out or alters ${what}`);
  throw new Error(`it prints ${what} ${found} times instead of ${expected}`);
}
