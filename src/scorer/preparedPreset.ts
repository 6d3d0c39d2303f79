import { expected } from "../util/expected.js";
import { mapInTurn } from "../util/mapInTurn.js";
import type { Continuation, NativeModelInfo, TextSegment } from "../native/addon.js";
import type { Asked } from "../native/engine.js";
import { familyOf, sideOfSquares } from "../models/families/families.js";
import type { Squaring } from "../media/image/square.js";
import { type AnswerWord, resolveAnswerTokens } from "../prompts/answerTokens.js";
import type { Preset } from "../prompts/preset.js";
import { isPicture, type Prompt } from "../prompts/prompt.js";
import { renderPrompts } from "../prompts/renderPrompts.js";
import { squaringOf } from "../prompts/squaring.js";
import type { LogitReading } from "../scoring/score.js";
import { planSteps, readSequences, type ReadingStep } from "../scoring/sequences.js";

interface PreparedQuestion {
  /** After the picture. */
  readonly tokens: Int32Array;
  readonly words: readonly AnswerWord[];
  readonly steps: readonly ReadingStep[];
}

/** What a preset is made ready for: an engine, or a model of the addon. */
export interface Tokenizer {
  readonly info: NativeModelInfo;
  tokenize(segments: readonly TextSegment[], addBos: boolean): Int32Array | Promise<Int32Array>;
}

/** A preset made ready for one model: its prompts as tokens, and where to read the answer words. Made once a run. */
export class PreparedPreset implements Asked {
  /** What to evaluate after the picture, for all questions together. */
  readonly continuations: readonly Continuation[];

  private constructor(
    readonly preset: Preset,
    readonly prompts: readonly string[],
    readonly before: Int32Array,
    private readonly questions: readonly PreparedQuestion[],
    /** False where the model is known and was never taught one of the prompts. */
    readonly learned: boolean,
    /** How its pictures become squares, if they do. */
    readonly squaring: Squaring,
  ) {
    this.continuations = questions.flatMap(({ tokens, steps }) =>
      steps.map((step) => ({
        tokens: Int32Array.from([...tokens, ...step.tokens]),
        targets: Int32Array.from(step.targets),
      })),
    );
  }

  /**
   * @param learned the prompts that the model was taught, where they are known.
   * @throws {TonescoreError} `ERR_CHAT_TEMPLATE`, `ERR_ANSWER_TOKENS`
   */
  static async prepare(
    preset: Preset,
    model: Tokenizer,
    chatTemplate?: string,
    learned?: ReadonlySet<string>,
  ): Promise<PreparedPreset> {
    const prompts = renderPrompts(preset, model.info, { chatTemplate });
    const texts = prompts.map((prompt) => prompt.text);
    const before = await model.tokenize(sharedBeginning(prompts), true);
    const questions = await mapInTurn(prompts, (prompt) => prepareQuestion(preset, prompt, model));
    const isLearned = learned === undefined || texts.every((prompt) => learned.has(prompt));
    const side = sideOfSquares(model.info);
    const squaring = { ...squaringOf(preset, familyOf(model.info)), ...(side !== undefined && { side }) };
    return new PreparedPreset(preset, texts, before, questions, isLearned, squaring);
  }

  /** Presets with the same beginning can be read in one go. */
  get beginning(): string {
    return this.before.join();
  }

  /** Sorts what was read at the continuations by question and word. */
  read(logits: readonly Float32Array[], logSumExp: Float32Array): LogitReading {
    let start = 0;
    const readings = this.questions.map(({ words, steps }) => {
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

async function prepareQuestion(preset: Preset, prompt: Prompt, model: Tokenizer): Promise<PreparedQuestion> {
  const words = await resolveAnswerTokens(preset, prompt, (segments) => model.tokenize(segments, false));
  const tokens = await model.tokenize(prompt.continuation, false);
  return { tokens, words, steps: planSteps(words.map((word) => word.tokens)) };
}

/** Questions share the encoded picture, and so all that stands before it. */
function sharedBeginning(prompts: readonly Prompt[]): readonly TextSegment[] {
  const beginnings = prompts.map(({ prefix }) => prefix.flatMap((part) => (isPicture(part) ? [] : [part])));
  const [first = [], ...others] = beginnings;
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw expected("questions that are alike before the picture, which they share", {
      code: "ERR_CHAT_TEMPLATE",
      but: "those of this preset differ there",
      remedy: "Put the picture first.",
    });
  }
  return first;
}
