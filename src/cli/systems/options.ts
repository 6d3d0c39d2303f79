import { datasetOptions } from "../../options/datasetOptions.js";
import { option, several } from "../../options/option.js";
import { asking, engine, temperature } from "../../options/scorerOptions.js";
import { flag, path } from "../../util/arguments.js";
import type { Flags } from "../command.js";
import { videos } from "../options/shared.js";

const { question, tones } = asking;
const { model, mmproj, ...machine } = engine;

/** A file or folder of stored results. */
const stored = option(path, { namesFile: true, flag: { spelling: "--from-logits <file|folder>", help: "" } });

/** What `evaluate` and `calibrate` share: a dataset, and where the scores of its files come from. */
export const sourceOptions = {
  "Dataset:": datasetOptions,
  "What to score:": {
    preset: several(asking.preset, "preset; repeat it to compare several"),
    temperature,
    model: several(model, "a model's name, or a GGUF vision model; repeat it to compare several"),
    mmproj: several(mmproj, "its picture encoder; repeat it as --model"),
    fromLogits: several(
      stored,
      "score what earlier runs stored, without a model; repeat it to compare several",
    ),
    results: option(path, {
      flag: {
        spelling: "--results <folder>",
        help: "keep every result there as NDJSON, a file a preset and model",
      },
    }),
    resume: option(flag, {
      flag: { spelling: "--resume", help: "go on with the files of --results" },
    }),
  },
  "What to ask:": { question, tones },
  "Videos:": videos,
  "Model:": machine,
};

/** Those that hold for every model and preset. */
export const sharedOptions = { question, tones, temperature, ...machine, ...videos };

export type SourceFlags = Flags<typeof sourceOptions>;
