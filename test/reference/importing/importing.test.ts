import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeGguf } from "../../../src/importing/gguf/writeGguf.js";
import { openCheckpoint } from "../../../src/importing/openCheckpoint.js";
import { type Described, readGguf } from "./readGguf.js";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What llama.cpp's converter guesses of a model's name and copies of its card: nothing that a model is run by. */
const guessed = /^general\.(version|basename|finetune|languages)$/;
/** What the forerunner for CLIP's encoders does not write, or writes of its own folder's name. */
const besides = [
  "general.type",
  "general.name",
  "general.size_label",
  "general.license",
  "general.quantization_version",
];

const files = ["text", "mmproj"] as const;
const kinds = [
  { outtype: "auto", options: {} },
  { outtype: "f16", options: { weights: "F16" } },
] as const;

describe("import: against llama.cpp's own converters", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-import-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const name of ["llava-1.5", "q-instruct", "qwen2.5-vl", "qwen3.5"])
    for (const { outtype, options } of kinds)
      it(`writes ${name} as they do, of type ${outtype}`, async () => {
        const record = JSON.parse(
          await readFile(join(here, "records", `${name}.${outtype}.json`), "utf8"),
        ) as Record<(typeof files)[number], Described>;
        const source = join(here, "checkpoints", name);
        const checkpoint = await openCheckpoint(source, name);
        const companion = (): Promise<string> => Promise.resolve(join(source, "vision_tower"));
        const plan = await checkpoint.family.plan(checkpoint, { ...options, companion });
        const ofClip = checkpoint.family.name === "LLaVA-1.5";
        for (const file of files) {
          const path = join(folder, `${file}.gguf`);
          await writeGguf(plan[file], path);
          const [ours, theirs] = [readGguf(path), record[file]];
          const left = (key: string): boolean =>
            !guessed.test(key) && !(ofClip && file === "mmproj" && besides.includes(key));
          const compared = ({ metadata }: Described): unknown =>
            Object.fromEntries(
              Object.entries(metadata)
                .filter(([key]) => left(key))
                .sort(),
            );
          expect(compared(ours), file).to.deep.equal(compared(theirs));
          const byName = ({ tensors }: Described): unknown =>
            new Map(tensors.map((each) => [each.name, each]));
          expect(byName(ours), file).to.deep.equal(byName(theirs));
          // The forerunner has an order of its own.
          const order = ({ tensors }: Described): string[] => tensors.map((tensor) => tensor.name);
          if (!(ofClip && file === "mmproj")) expect(order(ours)).to.deep.equal(order(theirs));
        }
      });
});
