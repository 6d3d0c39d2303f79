import type { Command, Option } from "commander";
import { gathers } from "./values.js";

/** Makes it an error to give an option of one value twice, of which commander would silently take the last. */
export function refuseRepeated(program: Command): void {
  const given = new Map<string, Command>();
  const watch = (command: Command, option: Option): void => {
    command.on(`option:${option.name()}`, () => {
      const earlier = given.get(option.name());
      given.set(option.name(), command);
      if (earlier === undefined) return;
      if (!gathers(option.parseArg)) {
        command.error(`error: option '${option.flags}' takes one value, but is given twice`);
      }
      // What stands before a command's name and what stands behind it are not gathered together.
      if (earlier !== command) {
        command.error(`error: give all '${option.flags}' before "${command.name()}" or all behind it`);
      }
    });
  };
  for (const command of [program, ...program.commands]) {
    for (const option of command.options) if (!option.isBoolean()) watch(command, option);
  }
}
