import type { ModelNotHere } from "../../errors.js";
import { withPull } from "../../models/pull.js";
import { byteText } from "../../util/byteText.js";
import type { CommandRun } from "./commandRun.js";
import { pullShown } from "./pullShown.js";

/**
 * Downloads the model that a run asks for, where whoever sits at the terminal says yes.
 * @throws {ModelNotHere} that it was given, where nobody can be asked or the answer is no
 */
export async function offerModel(run: CommandRun, notHere: ModelNotHere): Promise<void> {
  const { io, signal, progress } = run;
  if (!io.ask) throw notHere;
  const { ask } = io;
  await withPull(
    notHere.model,
    async (pull) => {
      progress.finish();
      const licence = pull.licence === undefined ? "" : `, licence ${pull.licence}`;
      const what = `${pull.name} (${byteText(pull.missing)}${licence}) from ${pull.host}/${pull.repository}`;
      const answer = await ask(`tonescore: The model is not here. Download ${what}? [y/N] `, signal);
      if (!/^\s*y(es)?\s*$/i.test(answer)) throw notHere;
      await pullShown(run, pull);
    },
    { signal },
  );
}
