import { planRemoval } from "../../../models/remove.js";
import { byteText } from "../../../util/byteText.js";
import { expected } from "../../../util/expected.js";
import { exitCodes } from "../../exit.js";
import { runCommand } from "../../terminal/commandRun.js";
import type { Io } from "../../terminal/io.js";
import type { RemoveFlags } from "./options.js";

export const run = ([name = ""]: readonly string[], { yes = false }: RemoveFlags, io: Io): Promise<number> =>
  runCommand(io, {}, async ({ messages, signal }) => {
    const removal = await planRemoval(name);
    const { files, foreign, bytes } = removal;
    for (const path of foreign) messages.note(`${path} was downloaded by another tool, and stays`);
    if (files.length === 0) return exitCodes.ok;
    if (!yes) {
      if (!io.ask) {
        const remedy = `Run: tonescore models remove ${name} --yes`;
        throw expected("a yes", { but: "there is no terminal to ask at", remedy });
      }
      for (const path of files) messages.note(path);
      const answer = await io.ask(`tonescore: Delete ${name} (${byteText(bytes)})? [y/N] `, signal);
      if (!/^\s*y(es)?\s*$/i.test(answer)) {
        messages.note("nothing was deleted");
        return exitCodes.ok;
      }
    }
    await removal.run();
    messages.note(`${name} is deleted: ${byteText(bytes)}`);
    return exitCodes.ok;
  });
