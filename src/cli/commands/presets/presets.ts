import { exitCodes } from "../../exit.js";
import { loadPreset } from "../../../prompts/loadPreset.js";
import { DEFAULT_IMAGE_PRESET, DEFAULT_VIDEO_PRESET, presets as builtIn } from "../../../prompts/presets.js";
import type { Preset, Tone } from "../../../prompts/preset.js";
import type { Io } from "../../terminal/io.js";
import { streamOutput } from "../../output/output.js";
import { styleFor, type Style } from "../../terminal/style.js";

const defaultFor: Readonly<Record<string, string>> = {
  [DEFAULT_IMAGE_PRESET]: " (default for pictures)",
  [DEFAULT_VIDEO_PRESET]: " (default for videos)",
};

const describeTone = ({ words, weight }: Tone): string => `${words.join(", ")} = ${weight}`;

function describe(preset: Preset, style: Style): string {
  const questions = preset.questions.map(({ question, prefill }) =>
    prefill === "" ? question : `${question} → ${prefill} …`,
  );
  return [
    style.bold(preset.name) + (defaultFor[preset.name] ?? ""),
    preset.description,
    ...questions.map((question) => `${style.dim("asks  ")} ${question}`),
    `${style.dim("tones ")} ${preset.tones.map(describeTone).join("; ")}`,
    `${style.dim("source")} ${preset.source}`,
  ].join("\n  ");
}

/** Without a name the list for reading; with one, that preset as JSON, a start for one's own. */
export async function run([name]: readonly string[], _: object, io: Io): Promise<number> {
  const style = styleFor(io.stdout);
  const text =
    name === undefined
      ? [...builtIn.values()].map((preset) => describe(preset, style)).join("\n\n")
      : JSON.stringify(await loadPreset(name), null, 2);
  await streamOutput(io.stdout).write(`${text}\n`);
  return exitCodes.ok;
}
