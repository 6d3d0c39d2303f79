import { quantisation } from "../../../importing/quantise/quantisations.js";
import { option } from "../../../options/option.js";
import { modelName } from "../../../models/modelName.js";
import { flag, path } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { quiet } from "../../options/shared.js";

export const importOptions = {
  "Options:": {
    quant: option(quantisation, {
      default: "Q8_0",
      flag: {
        spelling: "--quant <name>",
        help: `weights of the language model: ${quantisation.names?.join(", ") ?? ""}`,
      },
    }),
    name: option(modelName, {
      flag: {
        spelling: "--name <name>",
        help: "what --model will know it by",
        otherwise: "the catalogue's or the folder's",
      },
    }),
    out: option(path, {
      flag: { spelling: "--out <folder>", help: "make this folder for it", otherwise: "one with your data" },
    }),
    encoder: option(path, {
      namesFile: true,
      flag: {
        spelling: "--encoder <checkpoint>",
        help: "the picture encoder's, where it is one of its own: a folder or owner/repository",
      },
    }),
    keep: option(flag, { flag: { spelling: "--keep", help: "keep what was downloaded for it" } }),
    quiet: quiet("no progress"),
  },
};

export type ImportFlags = Flags<typeof importOptions>;
