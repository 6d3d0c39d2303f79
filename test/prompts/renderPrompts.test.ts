import { expect } from "chai";
import { TonescoreError } from "../../src/errors.js";
import { parsePreset } from "../../src/prompts/parsePreset.js";
import type { PresetInput } from "../../src/prompts/preset.js";
import type { Prompt } from "../../src/prompts/prompt.js";
import { type PromptModel, renderPrompts, type RenderOptions } from "../../src/prompts/renderPrompts.js";
import { builtIn } from "./builtIn.js";
import * as templates from "./chatTemplates.js";

const QUESTION = "Rate the quality of the image.";
const PREFILL = "The quality of the image is";

function model(chatTemplate?: string, more: Partial<PromptModel> = {}): PromptModel {
  return { chatTemplate, bosText: "<bos>", eosText: "<eos>", addsBos: false, ...more };
}

function render(
  chatTemplate: string,
  change: Partial<PresetInput> = {},
  options: RenderOptions = {},
): Prompt {
  const preset = parsePreset({ ...builtIn("qboost"), ...change });
  return only(renderPrompts(preset, model(chatTemplate), options));
}

function only(prompts: Prompt[]): Prompt {
  const [prompt, ...more] = prompts;
  if (!prompt || more.length > 0) throw new Error(`expected one prompt, got ${prompts.length}`);
  return prompt;
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof TonescoreError && error.code === "ERR_CHAT_TEMPLATE") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

const manyWords = ["good", "poor"].map((name, weight) => ({
  ...{ name, weight },
  words: Array.from({ length: 101 }, (_, index) => `${name}${index}`),
}));

describe("renderPrompts", () => {
  it("refuses a prompt that is longer than any question takes, whatever made it so", () => {
    const long = "💥".repeat(20_000);
    const prefill = PREFILL;
    for (const make of [
      () => render(templates.smolvlm + long),
      () => render(templates.smolvlm, { questions: [{ question: long, prefill }] }),
      () => render(templates.smolvlm, { questions: [{ question: QUESTION, prefill: long }] }),
      () => render("", { template: "raw", questions: [{ question: `{picture}${long}`, prefill }] }),
    ]) {
      expect(make)
        .to.throw(TonescoreError, /at most 20000 characters/)
        .with.property("code", "ERR_PRESET");
    }
    expect(() => render(templates.smolvlm, { tones: manyWords })).to.throw(TonescoreError, /words/);
  });

  it("replaces what the template prints for the picture, markup that libmtmd adds included", () => {
    const im = "<|im_start|>user\n{picture}";
    const answer = `${QUESTION}<|im_end|>\n<|im_start|>assistant\n${PREFILL}`;
    const system = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n";
    expect(render(templates.qwen2vl).text).to.equal(`${system}${im}${answer}`);
    expect(render(templates.internvl3).text).to.equal(`${im}\n${answer}`);
    expect(render(templates.gemma3).text).to.equal(
      `<bos><start_of_turn>user\n\n\n{picture}\n\n${QUESTION}<end_of_turn>\n<start_of_turn>model\n${PREFILL}`,
    );
    expect(render(templates.smolvlm).text).to.equal(
      `<|im_start|>User:{picture}${QUESTION}<end_of_utterance>\nAssistant: ${PREFILL}`,
    );
  });

  it("cuts after the picture and tells markup from user text", () => {
    expect(render(templates.gemma3)).to.deep.include({
      prefix: [{ text: "<bos><start_of_turn>user\n\n\n", special: true }, { picture: true }],
      continuation: [
        { text: "\n\n", special: true },
        { text: QUESTION, special: false },
        { text: "<end_of_turn>\n<start_of_turn>model\n", special: true },
        { text: PREFILL, special: false },
      ],
    });
  });

  it("leaves out the begin-of-sequence text where the tokenizer adds the token", () => {
    const preset = builtIn("qboost");
    const prompt = only(renderPrompts(preset, model(templates.gemma3, { addsBos: true })));
    expect(prompt.prefix[0]).to.deep.equal({ text: "<start_of_turn>user\n\n\n", special: true });
  });

  it("switches thinking off unless the preset says otherwise", () => {
    expect(render(templates.qwen35).text).to.match(
      /assistant\n<think>\n\n<\/think>\n\nThe quality of the image is$/,
    );
    const thinking = render(templates.qwen35, { templateArguments: { enable_thinking: true } });
    expect(thinking.text).to.match(/assistant\n<think>\nThe quality of the image is$/);
  });

  it("keeps words that a template prints beside the picture's markup", () => {
    const { text } = render(templates.qwen2vl, { templateArguments: { add_vision_id: true } });
    expect(text).to.contain("user\nPicture 1: {picture}Rate");
  });

  it("puts the picture in front of the question where a template takes strings only", () => {
    expect(render(templates.textOnly).text).to.equal(
      `<|im_start|>user\n{picture}${QUESTION}<|im_end|>\n<|im_start|>assistant\n${PREFILL}`,
    );
  });

  it("prints a date that never changes", () => {
    expect(render(templates.pixtral).text).to.equal(
      `<bos>[SYSTEM_PROMPT]Today is 2024-07-26.[/SYSTEM_PROMPT][INST]{picture}${QUESTION}[/INST]${PREFILL}`,
    );
  });

  it("renders system text, typed or not, as user text", () => {
    for (const template of [templates.qwen2vl, templates.smolvlm, templates.gemma3, templates.textOnly]) {
      const { prefix } = render(template, { system: "Be strict.<|im_end|>" });
      expect(prefix).to.deep.include({ text: "Be strict.<|im_end|>", special: false });
    }
  });

  it("keeps a question that holds markup a question", () => {
    for (const question of [
      "<image>",
      "Is <|im_end|> good?",
      "<__media__> {picture} [IMG]",
      "<|image_pad|>$&",
    ]) {
      for (const template of [templates.qwen2vl, templates.smolvlm, templates.pixtral, templates.textOnly]) {
        const { prefix, continuation } = render(template, { questions: [{ question }] });
        expect(prefix.filter((part) => "picture" in part)).to.have.length(1);
        expect(continuation).to.deep.include({ text: question, special: false });
      }
    }
  });

  it("holds several pictures where asked", () => {
    const { prefix } = render(templates.internvl3, {}, { pictures: 3 });
    const gap = { text: "\n", special: true };
    expect(prefix.slice(1)).to.deep.equal([
      { picture: true },
      gap,
      { picture: true },
      gap,
      { picture: true },
    ]);
  });

  it("refuses a template that drops, repeats or alters what it is given", () => {
    const message = (body: string) =>
      refusal(() => render(`{% for message in messages %}${body}{% endfor %}`));
    expect(message("hello")).to.contain("leaves out or alters the question");
    expect(message("{{ message.content[1].text }}")).to.contain("prints nothing for a picture");
    expect(message("{{ message.content }}{{ message.content }}")).to.contain("prints the question 2 times");
    expect(message("{{ raise_exception('no pictures here') }}")).to.contain("no pictures here");
    expect(refusal(() => render("{% if %}"))).to.contain("cannot be parsed");
  });

  it("wants exactly as many pictures as there are", () => {
    const twice =
      "<image>{% for message in messages %}{% for part in message.content %}{{ part.text or '<image>' }}";
    expect(refusal(() => render(`${twice}{% endfor %}{% endfor %}`))).to.contain(
      "prints the picture 2 times instead of 1",
    );
  });

  it("takes a named template or Jinja text instead of the model's, and never guesses", () => {
    const preset = builtIn("qboost");
    const vicuna = only(renderPrompts(preset, model(), { chatTemplate: "vicuna" }));
    expect(vicuna.text).to.equal(
      "A chat between a curious human and an artificial intelligence assistant. " +
        "The assistant gives helpful, detailed, and polite answers to the human's questions. " +
        `USER: {picture}\n${QUESTION} ASSISTANT: ${PREFILL}`,
    );
    const chatml = only(renderPrompts(preset, model(), { chatTemplate: "chatml" }));
    expect(chatml.text).to.equal(
      `<|im_start|>user\n{picture}\n${QUESTION}<|im_end|>\n<|im_start|>assistant\n${PREFILL}`,
    );
    const jinja = only(renderPrompts(preset, model(templates.gemma3), { chatTemplate: templates.textOnly }));
    expect(jinja.text).to.contain("<|im_start|>");
    expect(refusal(() => renderPrompts(preset, model()))).to.contain("vicuna, mplug-owl2, chatml");
    expect(refusal(() => renderPrompts(preset, model(), { chatTemplate: "vicunia" }))).to.contain(
      "vicuna, mplug-owl2, chatml",
    );
  });

  it("asks mPLUG-Owl2 as its authors do, by its template or by prompts that are written out", () => {
    const named = { chatTemplate: "mplug-owl2" };
    for (const name of ["qboost-noprefill", "qboost-ensemble-noprefill"]) {
      const asked = only(renderPrompts(builtIn(name), model(), named)).text;
      expect(asked, name).to.equal(only(renderPrompts(builtIn("qinstruct-owl2"), model())).text);
    }
    expect(only(renderPrompts(builtIn("qboost"), model(), named)).text).to.equal(
      `USER: {picture}${QUESTION} ASSISTANT: ${PREFILL}`,
    );
    for (const name of ["qalign-owl2", "deqa"]) {
      const { prefix, continuation } = only(renderPrompts(builtIn(name), model()));
      expect(prefix, name).to.deep.equal([
        { text: "USER: How would you rate the quality of this image?\n", special: true },
        { picture: true },
      ]);
      expect(continuation, name).to.deep.equal([
        { text: "\nASSISTANT: The quality of the image is", special: true },
      ]);
    }
    const system = { ...builtIn("qboost"), system: "Be strict." };
    expect(refusal(() => renderPrompts(system, model(), named))).to.contain(
      "leaves out or alters the system",
    );
  });

  it("renders the authors' form without a prefill", () => {
    const prompts = renderPrompts(builtIn("qboost-noprefill"), model(templates.textOnly));
    expect(only(prompts).text).to.match(/<\|im_start\|>assistant\n$/);
  });

  it("takes a raw prompt as it stands, special tokens included", () => {
    const question = "<bos>User: Rate it.{picture}<end_of_utterance>\nAssistant:";
    const preset = parsePreset({
      ...builtIn("qboost"),
      template: "raw",
      questions: [{ question, prefill: " It is" }],
    });
    const prompt = only(renderPrompts(preset, model(undefined, { addsBos: true })));
    expect(prompt).to.deep.equal({
      prefix: [{ text: "User: Rate it.", special: true }, { picture: true }],
      continuation: [
        { text: "<end_of_utterance>\nAssistant:", special: true },
        { text: " It is", special: false },
      ],
      text: "User: Rate it.{picture}<end_of_utterance>\nAssistant: It is",
    });
  });
});
