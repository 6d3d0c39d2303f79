import { flag, path, text } from "../util/arguments.js";
import { option } from "./option.js";

/** Which columns of a list are meant, where their names do not say it. */
export const columnOptions = {
  fileColumn: option(text, {
    flag: { spelling: "--file-column <name>", help: "column with the files' names" },
  }),
  mosColumn: option(text, { flag: { spelling: "--mos-column <name>", help: "column with the MOS" } }),
  groupColumn: option(text, {
    flag: { spelling: "--group-column <name>", help: "column by whose values groups are shown" },
  }),
};

/** What says where a dataset's files and values stand. */
export const datasetOptions = {
  /**
   * Where the listed files are; nothing outside is read. Default: where the layout has them, and beside the list or below.
   */
  folder: option(path, {
    flag: {
      spelling: "--folder <folder>",
      help: "where the listed files are",
      otherwise: "where the layout has them",
    },
  }),
  ...columnOptions,
  /** The values are DMOS, of which low is good: they are flipped to largest + smallest - value. */
  dmos: option(flag, { flag: { spelling: "--dmos", help: "low values are good: flip them" } }),
  /** Leave out rows whose file is not there, and count them. */
  allowMissing: option(flag, {
    flag: { spelling: "--allow-missing", help: "leave out files that are not there" },
  }),
  /** Let a file stand in several rows, each of which counts. */
  allowDuplicates: option(flag, {
    flag: { spelling: "--allow-duplicates", help: "let a file stand in several rows" },
  }),
};
