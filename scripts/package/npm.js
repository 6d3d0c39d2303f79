import { execFileSync } from "node:child_process";

/** The npm that runs the script: on Windows it is no program that could be started by its name. */
const { npm_execpath: script = "" } = process.env;
const [program, ...first] = script === "" ? /** @type {const} */ (["npm"]) : [process.execPath, script];

/**
 * Runs npm.
 * @param {readonly string[]} args
 * @param {import("node:child_process").ExecFileSyncOptions} [options]
 * @returns {string} what it printed, unless that was inherited
 */
export function npm(args, options) {
  const run = execFileSync(program, [...first, ...args], options);
  const printed = /** @type {Buffer | string | null} */ (run); // null where it was inherited
  return printed?.toString() ?? "";
}
