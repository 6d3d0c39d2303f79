import { defineCommand } from "../../command.js";
import { help } from "./help.js";
import { doctorOptions } from "./options.js";

export const doctor = defineCommand({
  name: "doctor",
  summary: "say what this machine has, what is missing, and what mends it",
  description:
    "What this machine has and what would be used: processor, memory, GPUs, ffmpeg and its decoders, HEIC, the addon, " +
    "the bundled model, and a score of a picture made for it. What may crash is tried in a process of its own.",
  options: doctorOptions,
  help,
  load: async () => (await import("./doctor.js")).run,
});
