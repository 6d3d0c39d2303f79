import { expected } from "../util/expected.js";
import type { TextSegment } from "../native/addon.js";
import type { Preset } from "./preset.js";
import { type Prompt, spaceAfter } from "./prompt.js";

/** The engine may be another process, which answers later. */
export type Tokenize = (segments: readonly TextSegment[]) => ArrayLike<number> | Promise<ArrayLike<number>>;

/** An answer word, and the tokens to read for it: one, or the whole word where the preset's answer is "sequence". */
export interface AnswerWord {
  readonly word: string;
  readonly tone: string;
  readonly tokens: readonly number[];
}

type Candidate = Omit<AnswerWord, "tokens"> & { readonly tokens: readonly number[] | undefined };

/**
 * The answer words of a preset as tokens in context: what follows the exact prompt when the word does. All words are
 * read in one form, with a space before them or without (see {@link spaceAfter}), and none may change the tokens before
 * it: the model is to be asked about the prompt as it stands.
 */
export async function resolveAnswerTokens(
  preset: Preset,
  prompt: Prompt,
  tokenize: Tokenize,
): Promise<AnswerWord[]> {
  const space = spaceAfter(prompt.continuation.at(-1)?.text ?? "");
  const candidates = await readWords(preset, prompt.continuation, space, tokenize);
  const problems = findProblems(preset, candidates);
  if (problems.length === 0) return candidates.map(({ tokens = [], ...word }) => ({ ...word, tokens }));
  const place = `"${space}word" after ${JSON.stringify(prompt.text.slice(-40))}`;
  throw expected(`answer words of the preset "${preset.name}" that can be read as ${place}`, {
    code: "ERR_ANSWER_TOKENS",
    but: problems.join("; "),
    remedy: await adviseForm(preset, prompt, tokenize),
  });
}

async function readWords(
  preset: Preset,
  continuation: readonly TextSegment[],
  space: string,
  tokenize: Tokenize,
): Promise<Candidate[]> {
  const before = Array.from(await tokenize(continuation));
  const words = preset.tones.flatMap(({ name, words }) => words.map((word) => ({ word, tone: name })));
  return Promise.all(
    words.map(async (word) => {
      const after = Array.from(await tokenize(append(continuation, space + word.word)));
      const extended = after.length > before.length && before.every((token, index) => token === after[index]);
      const tokens = extended ? after.slice(before.length) : undefined;
      return { ...word, tokens: preset.answer === "firstToken" ? tokens?.slice(0, 1) : tokens };
    }),
  );
}

function findProblems(preset: Preset, candidates: readonly Candidate[]): string[] {
  return candidates.flatMap(({ word, tokens }, index) => {
    if (!tokens) return `"${word}" merges with the text before it`;
    if (preset.answer === "singleToken" && tokens.length > 1) return `"${word}" is ${tokens.length} tokens`;
    // Where one word begins with the whole of another, the probability of the shorter contains that of the longer.
    return candidates
      .slice(0, index)
      .filter((other) => other.tokens && startsAlike(other.tokens, tokens))
      .map(
        (other) =>
          `"${other.word}" and "${word}" ${tokens.length === 1 ? "share a token" : "begin with the same tokens"}`,
      );
  });
}

/** Whether the words could be read in the other form, and how the user would get it. */
async function adviseForm(preset: Preset, prompt: Prompt, tokenize: Tokenize): Promise<string> {
  const last = prompt.continuation.at(-1) ?? { text: "", special: false };
  const spaced = !last.special && /\s$/.test(last.text);
  const head = prompt.continuation.slice(0, -1);
  const other = spaced
    ? await readWords(preset, [...head, { ...last, text: last.text.trimEnd() }], " ", tokenize)
    : await readWords(preset, append(prompt.continuation, " "), "", tokenize);
  const change = spaced
    ? "without the white space at the prefill's end"
    : "with a space at the prefill's end";
  if (findProblems(preset, other).length === 0) return `They could be ${change}.`;
  const forms = preset.answer === "sequence" ? "" : `, or set "answer" to "${wider(preset)}" in the preset`;
  return `The other form (${change}) would not do either: choose other words${forms}.`;
}

function wider(preset: Preset): string {
  return preset.answer === "singleToken" ? 'sequence" or "firstToken' : "sequence";
}

function append(segments: readonly TextSegment[], text: string): TextSegment[] {
  const last = segments.at(-1);
  if (!last || last.special) return [...segments, { text, special: false }];
  return [...segments.slice(0, -1), { text: last.text + text, special: false }];
}

function startsAlike(a: readonly number[], b: readonly number[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.every((token, index) => token === long[index]);
}
