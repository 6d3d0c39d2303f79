import { defineCommand } from "../../command.js";
import { help } from "./help.js";

export const presets = defineCommand({
  name: "presets",
  summary: "list the presets, or print one as JSON",
  description: "The built-in presets: what each asks, its tones, and where it comes from.",
  argument: ["[name]", "print this one as JSON"],
  options: {},
  help,
  load: async () => (await import("./presets.js")).run,
});
