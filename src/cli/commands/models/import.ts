import { join } from "node:path";
import { importModel } from "../../../importing/importModel.js";
import { readConfig } from "../../../importing/openCheckpoint.js";
import { type FetchedCheckpoint, fetchCheckpoint } from "../../../importing/source/fetchCheckpoint.js";
import {
  type CheckpointSource,
  findSource,
  isThere,
  repositoryIn,
} from "../../../importing/source/findSource.js";
import { refuseFull } from "../../../importing/workFolder.js";
import { importedFolder, type ImportedModel, refuseTakenName, UNDER_WAY } from "../../../models/imported.js";
import { byteText } from "../../../util/byteText.js";
import { messageOf } from "../../../util/messageOf.js";
import { exitCodes } from "../../exit.js";
import { streamOutput } from "../../output/output.js";
import { type CommandRun, runCommand } from "../../terminal/commandRun.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { pullShown } from "../../terminal/pullShown.js";
import type { ImportFlags } from "./importOptions.js";
import { tryOut } from "./tryOut.js";

/** Makes a model of a checkpoint, and gives the exit code. Whoever calls it has asked for the download. */
export async function run(
  [text = ""]: readonly string[],
  flags: ImportFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> {
  const source = await findSource(text);
  const name = flags.name ?? source.name;
  const target = flags.out ?? join(importedFolder(), name);
  await refuseTakenName(name);
  await refuseFull(target);
  const stopped = `stopped; what was downloaded stays, what was written is kept in ${target}${UNDER_WAY}, and the same command goes on with it`;
  return runCommand(
    io,
    flags,
    async (run) => {
      const checkpoints = new Checkpoints(run, source, flags.encoder);
      const { preset, videoPreset } = source.known ?? {};
      let scores: readonly string[] = [];
      const model = await importModel({
        folder: source.folder ?? (await checkpoints.fetch(source.repository, text, true)),
        name,
        target,
        source: source.repository,
        ...{ preset, videoPreset },
        quantisation: flags.quant ?? "Q8_0",
        companion: (repository) => checkpoints.encoder(repository),
        signal: run.signal,
        onProgress: (what, fraction) => {
          run.progress.phase(what, fraction);
        },
        check: async (files, template) => {
          scores = await tryOut(files, { preset, template }, run, dependencies);
        },
      });
      run.progress.finish();
      if (flags.keep !== true) await checkpoints.discard();
      await streamOutput(io.stdout).write(`${summary(model, target, scores, flags)}\n`);
      return exitCodes.ok;
    },
    stopped,
  );
}

/** What an import is made of, and what had to be downloaded for it. */
class Checkpoints {
  readonly #fetched: FetchedCheckpoint[] = [];

  constructor(
    private readonly run: CommandRun,
    private readonly source: CheckpointSource,
    private readonly named: string | undefined,
  ) {}

  /** @param whole whether it is more than an encoder, of a family that is known. @returns its folder */
  async fetch(repository: string, name: string, whole: boolean): Promise<string> {
    const { signal } = this.run;
    const show = (pull: Parameters<typeof pullShown>[1]): Promise<unknown> => pullShown(this.run, pull);
    const fetched = await fetchCheckpoint({
      ...{ repository, name, signal, show },
      ...(whole && { check: readConfig }),
    });
    this.#fetched.push(fetched);
    return fetched.folder;
  }

  /** @param repository that the checkpoint asks for: nothing is downloaded for a folder, unless the user names it. */
  async encoder(repository: string | undefined): Promise<string | undefined> {
    const { named } = this;
    if (named === undefined) {
      const wanted = this.source.folder === undefined ? repository : undefined;
      return wanted === undefined ? undefined : this.fetch(wanted, wanted, false);
    }
    const remote = (await isThere(named)) ? undefined : repositoryIn(named);
    return remote === undefined ? named : this.fetch(remote, named, false);
  }

  /** The model is there: what is left over is no reason to fail. */
  async discard(): Promise<void> {
    for (const fetched of this.#fetched) {
      await fetched.discard().catch((error: unknown) => {
        this.run.messages.warn(`What was downloaded for it could not be deleted: ${messageOf(error)}`);
      });
    }
  }
}

function summary(
  model: ImportedModel,
  folder: string,
  scores: readonly string[],
  flags: ImportFlags,
): string {
  const { name, family, quantisation, licence = "not said", preset, videoPreset, template } = model;
  const sizes = [model.model.bytes, model.mmproj.bytes].map(byteText).join(" + ");
  const quoted = /^[\w./-]+$/.test(folder) ? folder : `"${folder}"`;
  // What a name stands for, a folder does not say.
  const byFolder = [
    quoted,
    ...(preset === undefined ? [] : ["--preset", preset]),
    ...(videoPreset === undefined ? [] : ["--video-preset", videoPreset]),
    ...(template === undefined ? [] : ["--template", template]),
  ];
  return [
    `${name}: ${family}, ${quantisation}, ${sizes}, licence ${licence}`,
    `tried on ${scores.join(", ")}`,
    `in ${folder}`,
    `to use it: tonescore photo.jpg --model ${flags.out === undefined ? name : byFolder.join(" ")}`,
  ].join("\n");
}
