import { expected } from "../util/expected.js";
import type { Continuation, NativeModel, NativePicture } from "../native/addon.js";
import { type AnswerWord, resolveAnswerTokens } from "../prompts/answerTokens.js";
import type { Preset } from "../prompts/preset.js";
import { isPicture, type Prompt } from "../prompts/prompt.js";
import { renderPrompts } from "../prompts/renderPrompts.js";
import type { LogitReading } from "../scoring/score.js";
import { planSteps, readSequences, type ReadingStep } from "../scoring/sequences.js";

interface PreparedQuestion {
  readonly words: readonly AnswerWord[];
  readonly steps: readonly ReadingStep[];
}

/** A preset made ready for one model: its prompts as tokens, and where to read the answer words. Made once a run. */
export class PreparedPreset {
  readonly prompts: readonly string[];
  readonly #before: Int32Array;
  readonly #questions: readonly PreparedQuestion[];
  /** What to evaluate after the picture, for all questions together. */
  readonly continuations: readonly Continuation[];
  /** False where the model is known and was never taught one of the prompts. */
  readonly learned: boolean;

  /**
   * @param learned the prompts that the model was taught, where they are known.
   * @throws {TonescoreError} `ERR_CHAT_TEMPLATE`, `ERR_ANSWER_TOKENS`
   */
  constructor(
    readonly preset: Preset,
    model: NativeModel,
    chatTemplate?: string,
    learned?: ReadonlySet<string>,
  ) {
    const prompts = renderPrompts(preset, model.info, { chatTemplate });
    this.prompts = prompts.map((prompt) => prompt.text);
    this.learned = learned === undefined || this.prompts.every((prompt) => learned.has(prompt));
    this.#before = sharedBeginning(prompts, model);
    this.#questions = prompts.map((prompt) => {
      const words = resolveAnswerTokens(preset, prompt, (segments) => model.tokenize(segments, false));
      return { words, steps: planSteps(words.map((word) => word.tokens)) };
    });
    this.continuations = prompts.flatMap((prompt, index) => {
      const tokens = model.tokenize(prompt.continuation, false);
      return (this.#questions[index]?.steps ?? []).map((step) => ({
        tokens: Int32Array.from([...tokens, ...step.tokens]),
        targets: Int32Array.from(step.targets),
      }));
    });
  }

  /** Presets with the same beginning can be read in one go. */
  get beginning(): string {
    return this.#before.join();
  }

  /** The text before the picture, and the picture. */
  prefix(picture: NativePicture): (Int32Array | NativePicture)[] {
    return [this.#before, picture];
  }

  /** Sorts what was read at the continuations by question and word. */
  read(logits: readonly Float32Array[], logSumExp: Float32Array): LogitReading {
    let start = 0;
    const readings = this.#questions.map(({ words, steps }) => {
      const end = start + steps.length;
      const tokens = words.map((word) => word.tokens);
      const reading = readSequences(tokens, steps, logits.slice(start, end), logSumExp.subarray(start, end));
      start = end;
      return reading;
    });
    return {
      logits: readings.map((reading) => reading.logits),
      logSumExp: readings.map((reading) => reading.logSumExp),
    };
  }
}

/** Questions share the encoded picture, and so all that stands before it. */
function sharedBeginning(prompts: readonly Prompt[], model: NativeModel): Int32Array {
  const beginnings = prompts.map(({ prefix }) => prefix.flatMap((part) => (isPicture(part) ? [] : [part])));
  const [first = [], ...others] = beginnings;
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw expected("questions that are alike before the picture, which they share", {
      code: "ERR_CHAT_TEMPLATE",
      but: "those of this preset differ there",
      remedy: "Put the picture first.",
    });
  }
  return model.tokenize(first, true);
}
