import type { Preset } from "../../src/prompts/preset.js";
import { presets } from "../../src/prompts/presets.js";

/** A built-in preset that a test takes for granted. */
export function builtIn(name: string): Preset {
  const preset = presets.get(name);
  if (!preset) throw new Error(`there is no preset ${name}`);
  return preset;
}
