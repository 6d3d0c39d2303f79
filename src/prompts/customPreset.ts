import { shown } from "../util/shown.js";
import { expected } from "../util/expected.js";
import type { TonescoreError } from "../errors.js";
import { parsePreset } from "./parsePreset.js";
import type { Preset, Tone } from "./preset.js";

/** What a user asks without writing a preset file. */
export interface CustomQuestion {
  readonly question?: string | undefined;
  /** The beginning of the answer. A question of one's own has none unless this says so. */
  readonly prefill?: string | undefined;
  /** For instance `good,high=1; average=0.5; poor,low=0`, see {@link parseTones}. */
  readonly tones?: string | undefined;
}

/** What a call changes in a preset. */
export interface Adaptation extends CustomQuestion {
  readonly temperature?: number | undefined;
  readonly templateArguments?: Readonly<Record<string, unknown>> | undefined;
}

/** A preset as the call changes it. */
export function adaptPreset(
  preset: Preset,
  { temperature = preset.temperature, templateArguments, ...custom }: Adaptation,
): Preset {
  const { question, tones } = custom;
  const adapted = question === undefined && tones === undefined ? preset : customPreset(custom, preset);
  const merged = {
    ...adapted,
    temperature,
    templateArguments: { ...adapted.templateArguments, ...templateArguments },
  };
  return parsePreset(merged, "the temperature and template arguments given");
}

/** A preset with another question, prefill or tones, the rest as in `base`. */
export function customPreset(custom: CustomQuestion, base: Preset): Preset {
  const questions = base.questions.map(({ question, prefill }) => ({
    question: custom.question ?? question,
    prefill: custom.prefill ?? (custom.question === undefined ? prefill : ""),
  }));
  const preset = {
    ...base,
    name: "custom",
    description: `${base.name} with a question or tones given at the call.`,
    source: "the user",
    questions: custom.question === undefined ? questions : questions.slice(0, 1),
    tones: custom.tones === undefined ? base.tones : parseTones(custom.tones),
  };
  return parsePreset(preset, "the question and tones given");
}

/**
 * Tones from text: tones apart by `;`, best first, the words of a tone by `,`, its weight after `=`. Either every tone
 * has a weight or none; without, they are spread evenly from 1 to 0. A tone is named by its first word.
 */
export function parseTones(text: string): Tone[] {
  const parts = text.split(";").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop();
  const weighted = parts.filter((part) => part.includes("=")).length;
  if (parts.length < 2)
    throw tonesError(text, "there must be at least two tones, with a semicolon between them");
  if (weighted !== 0 && weighted !== parts.length)
    throw tonesError(text, "some tones have a weight and some have none");
  return parts.map((part, index) => parseTone(text, part, 1 - index / (parts.length - 1)));
}

function parseTone(text: string, part: string, evenWeight: number): Tone {
  const [list = "", weightText, ...more] = part.split("=");
  if (more.length > 0)
    throw tonesError(text, `"${part}" has more than one weight; put a semicolon between tones`);
  const words = list.split(",").map((word) => word.trim());
  if (words.includes("")) throw tonesError(text, `"${part}" has an empty word`);
  const weight = weightText === undefined ? evenWeight : weightText.trim() === "" ? NaN : Number(weightText);
  if (!(weight >= 0 && weight <= 1))
    throw tonesError(text, `the weight in "${part}" must be a number from 0 to 1`);
  return { name: words[0] ?? "", weight, words };
}

const tonesError = (text: string, problem: string): TonescoreError =>
  expected('tones such as "good,high=1; average=0.5; poor,low=0"', {
    code: "ERR_PRESET",
    but: `received ${shown(text)}: ${problem}`,
  });
