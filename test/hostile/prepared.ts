import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { Pairs } from "../reference/mplug-owl2/pairs.js";
import { Sandbox } from "./sandbox.js";

/** In the fixture spaq.xlsx. */
const LISTED_BY_SPAQ = ["00001.jpg", "00002.jpg"];

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A model with random weights, which is as thorough about its inputs as any other and quicker. */
export const QUICK_MODEL = [
  ...["-m", file("fixtures/models/gemma3.gguf")],
  ...["--mmproj", file("fixtures/models/gemma3.mmproj.gguf")],
];

/** The fewest that a calibration is fitted to. */
export const PICTURES = 20;

/** What the product wrote about healthy pictures: the start of hostile files, and what is given beside one. */
export class Prepared {
  private constructor(readonly root: string) {}

  static async make(): Promise<Prepared> {
    const prepared = new Prepared(await mkdtemp(join(tmpdir(), "tonescore-prepared-")));
    await prepared.#pictures();
    await prepared.#owl2();
    await prepared.#results();
    return prepared;
  }

  path(name: string): string {
    return join(this.root, name);
  }

  read(name: string): Promise<Buffer> {
    return readFile(this.path(name));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  /** An mPLUG-Owl2, of which no small files are kept. */
  async #owl2(): Promise<void> {
    await mkdir(this.path("owl2"));
    const { model, mmproj } = await (await Pairs.make(this.path("owl2"))).files("F16");
    await rename(model, this.path("owl2.gguf"));
    await rename(mmproj, this.path("owl2.mmproj.gguf"));
  }

  /** Pictures in `pictures`, and a list with their MOS. */
  async #pictures(): Promise<void> {
    await mkdir(this.path("pictures"));
    const photo = await readFile(file("../examples/burger.jpg"));
    const rows = ["path,mos,group"];
    for (let index = 0; index < PICTURES; index++) {
      const name = `p-${index}.jpg`;
      await sharp(photo)
        .resize(96, 64)
        .jpeg({ quality: 100 - 5 * index })
        .toFile(this.path(`pictures/${name}`));
      rows.push(`${name},${5 - index / 2},${index % 2 ? "odd" : "even"}`);
    }
    for (const name of LISTED_BY_SPAQ)
      await copyFile(this.path("pictures/p-0.jpg"), this.path(`pictures/${name}`));
    await writeFile(this.path("pictures/list.csv"), `${rows.join("\n")}\n`);
  }

  async #results(): Promise<void> {
    const [pictures, list] = [this.path("pictures"), this.path("pictures/list.csv")];
    const stored = ["--from-logits", this.path("scores.ndjson")];
    const runs = [
      ["score", pictures, ...QUICK_MODEL, "-o", this.path("scores.ndjson")],
      ["score", pictures, ...QUICK_MODEL, "-o", this.path("scores.json")],
      ["compare", this.path("scores.ndjson"), this.path("scores.ndjson"), "-o", this.path("comparison.json")],
      ["evaluate", list, ...stored, "--bootstrap", "0", "-o", this.path("evaluation.json")],
      ["calibrate", list, ...stored, "--folds", "2", "-o", this.path("calibration.json")],
    ];
    await using sandbox = await Sandbox.make();
    for (const run of runs) {
      const { code, stderr } = await sandbox.run(run, 300);
      if (code !== 0)
        throw new Error(`Expected ${run.join(" ")} to work but it exited with ${code}: ${stderr}`);
    }
  }
}
