import { option, several } from "../../../options/option.js";
import { ffmpeg } from "../../../options/scorerOptions.js";
import { path } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { htmlFile, quiet } from "../../options/shared.js";

const folder = option(path, { flag: { spelling: "--pictures <folder>", help: "" } });

export const reportOptions = {
  "Options:": {
    output: option(htmlFile, {
      required: true,
      flag: { spelling: "-o, --output <file.html>", help: "write the page there" },
    }),
    pictures: several(
      folder,
      "show pictures below it too, not only below the results' folder and this one; may be repeated",
    ),
    ffmpeg,
    quiet: quiet("no progress"),
  },
};

export type ReportFlags = Flags<typeof reportOptions>;
