import { join } from "node:path";
import { shown } from "../../util/shown.js";
import type { CheckpointFolder } from "../checkpoint/folder.js";
import { invalid } from "../checkpoint/invalid.js";
import type { Settings } from "../checkpoint/settings.js";
import type { Family } from "./family.js";
import { llava } from "./llava.js";
import { mplugOwl2 } from "./mplugOwl2.js";
import { qwen25vl } from "./qwen25vl.js";
import { qwen35 } from "./qwen35.js";

const families: readonly Family[] = [llava, mplugOwl2, qwen25vl, qwen35];

/** Their names, as a sentence lists them. */
const familyNames = families.map(({ name }) => name).join(", ");

/**
 * The family of a checkpoint, by its config.json.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` for one that is not known, with what converts it otherwise.
 */
export function findFamily(folder: CheckpointFolder, settings: Settings): Family {
  const [architecture] = settings.texts("architectures", []);
  const family = families.find(({ architectures }) => architectures.includes(architecture ?? ""));
  if (family) return family;
  const remedy = [
    "llama.cpp's own converter knows more families. With Python, in a clone of llama.cpp:",
    "python convert_hf_to_gguf.py FOLDER --outfile model.gguf",
    "python convert_hf_to_gguf.py FOLDER --outfile mmproj-model.gguf --mmproj",
  ].join("\n  ");
  const but = architecture === undefined ? "it says none" : `it says ${shown(architecture)}`;
  throw invalid(
    `a family that is imported (${familyNames}) in "${join(folder.path, "config.json")}"`,
    but,
    remedy,
  );
}
