import { option } from "../../../options/option.js";
import { ffmpeg } from "../../../options/scorerOptions.js";
import { flag } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";

export const doctorOptions = {
  "Options:": {
    json: option(flag, { flag: { spelling: "--json", help: "one object, for bug reports and scripts" } }),
    ffmpeg,
  },
};

export type DoctorFlags = Flags<typeof doctorOptions>;
