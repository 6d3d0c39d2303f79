import { expected } from "../util/expected.js";

const TURNS = "{% for message in messages %}";
/** A message's text and pictures. @param picture what is printed for one, as a text of Jinja's */
const parts = (picture: string): string =>
  `{% for part in message.content %}{% if part.type == 'image' %}{{ ${picture} }}{% else %}{{ part.text }}{% endif %}{% endfor %}`;
const PARTS = parts("'<image>\\n'");

const VICUNA =
  "{% if messages[0].role != 'system' %}" +
  "A chat between a curious human and an artificial intelligence assistant. " +
  "The assistant gives helpful, detailed, and polite answers to the human's questions. {% endif %}" +
  `${TURNS}{% if message.role == 'user' %}USER: ${PARTS} {% else %}${PARTS} {% endif %}{% endfor %}ASSISTANT:`;

const MPLUG_OWL2 =
  `${TURNS}{% if message.role == 'user' %}USER: ${parts("'<|image|>'")} ` +
  `{% elif message.role == 'assistant' %}ASSISTANT: ${parts("'<|image|>'")}</s>{% endif %}{% endfor %}ASSISTANT:`;

const CHATML =
  `${TURNS}<|im_start|>{{ message.role }}{{ '\\n' }}${PARTS}<|im_end|>{{ '\\n' }}{% endfor %}` +
  "<|im_start|>assistant{{ '\\n' }}";

/** Chat templates by name, for models whose GGUF has none: `vicuna` is LLaVA-1.5's. mPLUG-Owl2's knows no system turn. */
export const namedTemplates: ReadonlyMap<string, string> = new Map([
  ["vicuna", VICUNA],
  ["mplug-owl2", MPLUG_OWL2],
  ["chatml", CHATML],
]);

/**
 * The Jinja source to render with: the override (a name, or Jinja text itself) or the model's own.
 * A model without one is never guessed for: a wrong template still scores, only badly.
 */
export function chooseTemplate(model: string | undefined, override: string | undefined): string {
  const names = [...namedTemplates.keys()].join(", ");
  if (override === undefined) {
    if (model !== undefined && model.trim() !== "") return model;
    throw expected("a chat template in the model file", {
      code: "ERR_CHAT_TEMPLATE",
      but: "it has none",
      remedy: `Name the one it was trained with: ${names}, or give a Jinja template.`,
    });
  }
  const named = namedTemplates.get(override);
  if (named !== undefined) return named;
  if (/\{[{%]/.test(override)) return override;
  const what = `a chat template's name (${names}) or Jinja text`;
  throw expected(what, { code: "ERR_CHAT_TEMPLATE", received: override });
}
