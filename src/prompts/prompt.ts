import type { TextSegment } from "../native/addon.js";

/** Stands for a picture in the text of a "raw" preset, and in prompts printed for people. */
export const PICTURE_MARK = "{picture}";

/** Where a picture goes. */
export interface PictureSlot {
  readonly picture: true;
}

export type PromptPart = TextSegment | PictureSlot;

/**
 * A rendered prompt, cut after its last picture: the prefix is what several questions about one picture share, the
 * continuation is everything after it, up to where the answer word goes. User text (system text, question, prefill) has
 * `special: false`, so that a special token spelled out in it stays text; the template's own text has `special: true`.
 */
export interface Prompt {
  readonly prefix: readonly PromptPart[];
  readonly continuation: readonly TextSegment[];
  /** The whole prompt for people to read, with `{picture}` where a picture goes. */
  readonly text: string;
}

export function isPicture(part: PromptPart): part is PictureSlot {
  return "picture" in part;
}

/** Cuts a prompt after its last picture; neighbouring text of one kind becomes one segment. */
export function cutPrompt(parts: readonly PromptPart[]): Prompt {
  const merged: PromptPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (!isPicture(part) && part.text === "") continue;
    if (last && !isPicture(last) && !isPicture(part) && last.special === part.special) {
      merged[merged.length - 1] = { text: last.text + part.text, special: part.special };
    } else merged.push(part);
  }
  const cut = merged.findLastIndex(isPicture) + 1;
  return {
    prefix: merged.slice(0, cut),
    continuation: merged.slice(cut).filter((part): part is TextSegment => !isPicture(part)),
    text: merged.map((part) => (isPicture(part) ? PICTURE_MARK : part.text)).join(""),
  };
}

/** A word after one of these wants a space before it: letters, digits, and punctuation that closes something. */
const ENDS_WORD = /[\p{L}\p{M}\p{N}.,:;!?)%]$/u;

/**
 * What goes between a text and the word that follows it. After a letter, a digit or closing punctuation a space
 * ("is" + " good", "ASSISTANT:" + " good"); after white space, an opening bracket, a quote or a template's markup
 * ("assistant\n" + "good", "[/INST]" + "good") nothing.
 */
export function spaceAfter(text: string): "" | " " {
  return ENDS_WORD.test(text) ? " " : "";
}
