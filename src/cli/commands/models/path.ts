import { resolveModel } from "../../../models/resolve.js";
import { exitCodes } from "../../exit.js";
import { streamOutput } from "../../output/output.js";
import type { Io } from "../../terminal/io.js";
import type { PathFlags } from "./options.js";

/** The model's file, and its mmproj's on a line below. */
export async function run([name]: readonly string[], { json = false }: PathFlags, io: Io): Promise<number> {
  const { model, mmproj } = await resolveModel(name);
  const text = json ? JSON.stringify({ name, model, mmproj }, null, 2) : `${model}\n${mmproj}`;
  await streamOutput(io.stdout).write(`${text}\n`);
  return exitCodes.ok;
}
