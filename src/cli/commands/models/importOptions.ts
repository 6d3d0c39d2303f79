import { quantisation } from "../../../importing/quantise/quantisations.js";
import { option } from "../../../options/option.js";
import { kind, path } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { quiet } from "../../options/shared.js";

/** A name of one line, which becomes a folder's too. */
const modelName = kind<string>(
  "a name of 1 to 80 letters, digits, dots, dashes and spaces",
  (value) => typeof value === "string" && /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u.test(value),
);

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
        otherwise: "the folder's name",
      },
    }),
    out: option(path, {
      flag: { spelling: "--out <folder>", help: "make this folder for it", otherwise: "one with your data" },
    }),
    encoder: option(path, {
      namesFile: true,
      flag: {
        spelling: "--encoder <folder>",
        help: "the picture encoder's checkpoint, where it is one of its own",
      },
    }),
    quiet: quiet("no progress"),
  },
};

export type ImportFlags = Flags<typeof importOptions>;
