import { expect } from "chai";
import { TonescoreError } from "../../src/errors.js";
import type { TextSegment } from "../../src/native/addon.js";
import { resolveAnswerTokens, type Tokenize } from "../../src/prompts/answerTokens.js";
import { parsePreset } from "../../src/prompts/parsePreset.js";
import type { PresetInput } from "../../src/prompts/preset.js";
import { cutPrompt, type Prompt, spaceAfter } from "../../src/prompts/prompt.js";
import { builtIn } from "./builtIn.js";

/** Takes the longest piece of its vocabulary each time, else one character, over the whole text at once. */
function greedy(vocabulary: readonly string[]): Tokenize & { id(piece: string): number } {
  const longest = [...vocabulary].sort((a, b) => b.length - a.length);
  const id = (piece: string) => {
    const index = vocabulary.indexOf(piece);
    return index >= 0 ? 1000 + index : (piece.codePointAt(0) ?? 0);
  };
  const tokenize = (segments: readonly TextSegment[]) => {
    const tokens: number[] = [];
    for (let text = segments.map((segment) => segment.text).join(""); text !== "";) {
      const piece = longest.find((known) => text.startsWith(known)) ?? text.charAt(0);
      tokens.push(id(piece));
      text = text.slice(piece.length);
    }
    return Int32Array.from(tokens);
  };
  return Object.assign(tokenize, { id });
}

const SPACED = [" good", " average", " poor", " is"];

function promptOf(prefill: string, template = "Rate it.\n"): Prompt {
  return cutPrompt([{ picture: true }, { text: template, special: true }, { text: prefill, special: false }]);
}

async function tokensOf(
  prompt: Prompt,
  tokenize: Tokenize,
  change: Partial<PresetInput> = {},
): Promise<Record<string, number[]>> {
  const preset = parsePreset({ ...builtIn("qboost"), ...change });
  const words = await resolveAnswerTokens(preset, prompt, tokenize);
  return Object.fromEntries(words.map(({ word, tokens }) => [word, [...tokens]]));
}

async function refusal(
  prompt: Prompt,
  tokenize: Tokenize,
  change: Partial<PresetInput> = {},
): Promise<string> {
  try {
    await tokensOf(prompt, tokenize, change);
  } catch (error) {
    if (error instanceof TonescoreError && error.code === "ERR_ANSWER_TOKENS") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

function tones(...words: string[]): Partial<PresetInput> {
  return { tones: words.map((word, index) => ({ name: word, weight: index === 0 ? 1 : 0, words: [word] })) };
}

describe("spaceAfter", () => {
  it("wants a space after words and closing punctuation only", () => {
    for (const text of ["is", "Note 1", "ASSISTANT:", "Well,", "é", "质量", "(so)"])
      expect(spaceAfter(text), text).to.equal(" ");
    for (const text of ["", "is ", "assistant\n", "[/INST]", "<|end|>", '"', "("])
      expect(spaceAfter(text), text).to.equal("");
  });
});

describe("resolveAnswerTokens", () => {
  it("reads the words with a space after a letter", async () => {
    const tokenize = greedy([...SPACED, "good"]);
    expect(await tokensOf(promptOf("It is"), tokenize)).to.deep.equal({
      good: [tokenize.id(" good")],
      average: [tokenize.id(" average")],
      poor: [tokenize.id(" poor")],
    });
  });

  it("reads them without one after a line break of the template", async () => {
    const tokenize = greedy([...SPACED, "good", "average", "poor"]);
    expect(await tokensOf(promptOf(""), tokenize)).to.deep.equal({
      good: [tokenize.id("good")],
      average: [tokenize.id("average")],
      poor: [tokenize.id("poor")],
    });
  });

  it("keeps the tone of each word", async () => {
    const preset = builtIn("qboost-ensemble");
    const words = preset.tones.flatMap((tone) => tone.words);
    const resolved = await resolveAnswerTokens(
      preset,
      promptOf("It is"),
      greedy(words.map((word) => ` ${word}`)),
    );
    expect(resolved.map(({ word }) => word)).to.deep.equal(words);
    expect(resolved.map(({ tone }) => tone).join()).to.match(/^(positive,){3}(neutral,){3}(negative,?){3}$/);
  });

  it("names the words that are split, and the form that would do", async () => {
    const message = await refusal(promptOf("It is"), greedy(["good", "average", "poor"]));
    expect(message).to.contain('read as " word" after "{picture}Rate it.');
    expect(message).to.contain('"good" is 2 tokens; "average" is 2 tokens; "poor" is 2 tokens');
    expect(message).to.contain("They could be with a space at the prefill's end.");
  });

  it("says so where neither form would do", async () => {
    const message = await refusal(promptOf("It is"), greedy([" good", " poor"]));
    expect(message).to.contain('"average" is 8 tokens');
    expect(message).not.to.contain('"good" is');
    expect(message).to.contain(
      'choose other words, or set "answer" to "sequence" or "firstToken" in the preset',
    );
  });

  it("refuses words that swallow the end of the prompt, and knows the remedy", async () => {
    const message = await refusal(promptOf("It is "), greedy(SPACED));
    expect(message).to.contain('"good" merges with the text before it');
    expect(message).to.contain("They could be without the white space at the prefill's end.");
  });

  it("names the words that share a token", async () => {
    const lower: Tokenize = (segments) =>
      greedy([" good"])(segments.map((segment) => ({ ...segment, text: segment.text.toLowerCase() })));
    expect(await refusal(promptOf("It is"), lower, tones("good", "Good"))).to.contain(
      '"good" and "Good" share a token',
    );
  });

  it("reads only first tokens where the preset says so, and these must differ too", async () => {
    const tokenize = greedy([...SPACED, " un"]);
    const change = { ...tones("good", "unusable"), answer: "firstToken" } as const;
    expect(await tokensOf(promptOf("It is"), tokenize, change)).to.deep.equal({
      good: [tokenize.id(" good")],
      unusable: [tokenize.id(" un")],
    });
    const message = await refusal(promptOf("It is"), tokenize, {
      ...tones("unusual", "unusable"),
      answer: "firstToken",
    });
    expect(message).to.contain('"unusual" and "unusable" share a token');
    expect(message).to.contain('set "answer" to "sequence"');
  });

  it("reads whole words where the preset says so, none the beginning of another", async () => {
    const tokenize = greedy([...SPACED, " un", "usual", "usable", "ly"]);
    const sequence = { answer: "sequence" } as const;
    expect(
      await tokensOf(promptOf("It is"), tokenize, { ...tones("unusual", "unusable"), ...sequence }),
    ).to.deep.equal({
      unusual: [tokenize.id(" un"), tokenize.id("usual")],
      unusable: [tokenize.id(" un"), tokenize.id("usable")],
    });
    const message = await refusal(promptOf("It is"), tokenize, { ...tones("poor", "poorly"), ...sequence });
    expect(message).to.contain('"poor" and "poorly" begin with the same tokens');
  });

  it("takes answer words as text, never as markup", async () => {
    const seen: TextSegment[] = [];
    const tokenize: Tokenize = (segments) => {
      seen.push(...segments.slice(-1));
      return greedy(SPACED)(segments);
    };
    await tokensOf(promptOf("", "ASSISTANT:"), tokenize);
    expect(seen.slice(1)).to.deep.equal(
      [" good", " average", " poor"].map((text) => ({ text, special: false })),
    );
  });
});
