import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importModel } from "../../../src/importing/importModel.js";
import type { Quantisation } from "../../../src/importing/quantise/quantisations.js";
import type { ModelFiles } from "../../../src/models/resolve.js";
import { writeCheckpoint } from "./checkpoint.js";
import { widened } from "./widen.js";

export type Weights = Extract<Quantisation, "F16" | "Q8_0" | "Q4_0">;

/** A folder with the small checkpoint, and what is imported from it. */
export class Pairs implements AsyncDisposable {
  private readonly made = new Map<string, Promise<ModelFiles>>();

  private constructor(readonly folder: string) {}

  /** @param folder that there is; a temporary one where absent */
  static async make(folder?: string): Promise<Pairs> {
    const pairs = new Pairs(folder ?? (await mkdtemp(join(tmpdir(), "tonescore-owl2-"))));
    await writeCheckpoint(join(pairs.folder, "checkpoint"));
    return pairs;
  }

  /** Imported once. */
  files(weights: Weights): Promise<ModelFiles> {
    return this.once(weights, () => this.import(weights));
  }

  /** The same numbers as f32. */
  wide(weights: Weights): Promise<ModelFiles> {
    return this.once(`wide-${weights}`, async () => {
      const from = await this.files(weights);
      const [model, mmproj] = [`wide-${weights}.gguf`, `mmproj-wide-${weights}.gguf`].map((name) =>
        join(this.folder, name),
      ) as [string, string];
      await writeFile(model, widened(from.model));
      await writeFile(mmproj, widened(from.mmproj));
      return { model, mmproj };
    });
  }

  private once(name: string, make: () => Promise<ModelFiles>): Promise<ModelFiles> {
    const files = this.made.get(name) ?? make();
    this.made.set(name, files);
    return files;
  }

  private async import(quantisation: Quantisation): Promise<ModelFiles> {
    const target = join(this.folder, quantisation);
    const { model, mmproj } = await importModel({
      folder: join(this.folder, "checkpoint"),
      target,
      quantisation,
      check: () => Promise.resolve(),
    });
    return { model: join(target, model.file), mmproj: join(target, mmproj.file) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
