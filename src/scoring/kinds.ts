import { list, listOf, number, oneOf, record, shape, text } from "../util/arguments.js";

/** What the public functions of this folder are given, as far as programs without types may get it wrong. */

const weight = number("a number from 0 to 1", (value) => value >= 0 && value <= 1);

export const rule = shape("a preset", {
  questions: listOf(shape("a question", { question: text })),
  tones: listOf(shape("a tone", { name: text, weight, words: listOf(text) })),
  combine: oneOf(["logits", "probabilities"]),
  temperature: number("a number above 0", (value) => value > 0),
});

const rows = { expected: "a list", fits: (value: unknown) => list.fits(value) || ArrayBuffer.isView(value) };

export const reading = shape("logits, a list of rows, and as many logSumExp", {
  logits: { expected: "a list of rows", fits: (value) => Array.isArray(value) && value.every(rows.fits) },
  logSumExp: rows,
});

export const frames = listOf(
  shape("a score with its time", {
    time: number("seconds", () => true),
    score: number("a number", () => true),
    answerMass: number("a number", () => true),
    tones: list,
    questions: listOf(shape("a question's reading", { question: text, words: listOf(record) })),
  }),
);

export const threshold = number("a number from 0 to 1", (value) => value >= 0 && value <= 1);
