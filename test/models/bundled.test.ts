import { expect } from "chai";
import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import {
  createScorer,
  type Distrust,
  findInputs,
  type PresetInput,
  presets,
  type Scorer,
  type ScorerOptions,
} from "../../src/index.js";
import { hashFile } from "../../src/util/hashFile.js";
import { builtIn } from "../prompts/builtIn.js";
import { bundledModel } from "../../src/models/bundled.js";
import { nativeAddon } from "../../src/native/load.js";

interface CatalogueFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}
interface Catalogue {
  readonly models: readonly { readonly model: CatalogueFile; readonly mmproj: CatalogueFile }[];
}

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** The model's own, with a word after the question. */
const TEMPLATE =
  "<|im_start|>user{{ '\\n' }}" +
  "{% for part in messages[0].content %}{% if part.type == 'image' %}<image>{% else %}{{ part.text }} Aesthetics?{% endif %}{% endfor %}" +
  "<|im_end|>{{ '\\n' }}<|im_start|>assistant{{ '\\n' }}";

describe("the bundled model", () => {
  let scorer: Scorer;
  before(async () => {
    scorer = await createScorer();
  });
  after(() => scorer.close());

  it("answers with the tone words, and scores photographs above their damaged copies", async () => {
    const score = async (source: string | Buffer): Promise<number> => {
      const result = await scorer.scoreImage(source);
      expect(result.answerMass).to.be.above(0.9);
      return result.score;
    };
    const rider = await score(example("rider.jpg"));
    for (const copy of ["rider-blurred.jpg", "rider-noisy.jpg", "rider-compressed.jpg"]) {
      expect(await score(example(copy)), copy).to.be.below(rider);
    }
    const burger = await score(example("burger.jpg"));
    const blurred = await sharp(example("burger.jpg")).blur(3).png().toBuffer();
    expect(await score(blurred)).to.be.below(burger);
  });

  it("is the one in the catalogue, to the bit", async () => {
    const path = fileURLToPath(new URL("../../models/catalogue.json", import.meta.url));
    const { models } = JSON.parse(readFileSync(path, "utf8")) as Catalogue;
    for (const part of ["model", "mmproj"] as const) {
      const file = bundledModel[part];
      const actual = { file: basename(file), bytes: (await stat(file)).size, sha256: await hashFile(file) };
      expect(models.map((model) => model[part])).to.deep.include(actual);
    }
  });

  it("keeps neighbouring levels of damage in order", async () => {
    const rider = example("rider.jpg");
    const ladders: Record<string, (level: number) => Promise<Buffer>> = {
      blur: (level) =>
        sharp(rider)
          .blur(0.6 * 1.8 ** level)
          .png()
          .toBuffer(),
      jpeg: (level) =>
        sharp(rider)
          .jpeg({ quality: Math.round(60 / 2 ** level) })
          .toBuffer(),
      dark: (level) =>
        sharp(rider)
          .linear(0.7 ** level, 0)
          .png()
          .toBuffer(),
    };
    for (const [name, damage] of Object.entries(ladders)) {
      let before = (await scorer.scoreImage(rider)).score;
      for (const level of [1, 2, 3, 4]) {
        const { score } = await scorer.scoreImage(await damage(level));
        expect(score, `${name}, level ${level}`).to.be.below(before);
        before = score;
      }
    }
  });

  it("answers every built-in question with its own words, and others with none of them", async () => {
    const massOf = async (options: Parameters<typeof createScorer>[0]): Promise<number> => {
      await using one = await createScorer(options);
      return (await one.scoreImage(example("burger.jpg"))).answerMass;
    };
    for (const [preset, { tones, template }] of presets) {
      if (template === "raw") continue; // another model's prompt, written out
      if (tones.length < 3) continue; // one that leaves the middle word out leaves its share out
      expect(await massOf({ preset }), preset).to.be.above(0.9);
    }
    for (const question of ["What is the capital of France?", "How many people are in the image?"]) {
      expect(await massOf({ question, preset: "qboost-ensemble" }), question).to.be.below(0.1);
    }
  });

  describe("asked what it never learned", () => {
    const quality = { question: "Rate the quality of the image.", prefill: "The quality of the image is" };
    const asked = {
      question: "Rate the aesthetics of the image.",
      prefill: "The aesthetics of the image is",
    };
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "tonescore-"));
    });
    after(() => rm(folder, { recursive: true }));

    const written = async (name: string, text: string): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, text);
      return file;
    };
    const preset = (name: string, more: Partial<PresetInput>): Promise<string> =>
      written(`${name}.json`, JSON.stringify({ ...builtIn("aesthetics"), name, ...more }));
    const raw = (question: string): Partial<PresetInput> => ({
      template: "raw",
      questions: [
        {
          question: `<|im_start|>user\n{picture}${question}<|im_end|>\n<|im_start|>assistant\n`,
          prefill: "",
        },
      ],
    });

    /** Why the answers to several presets are not trusted. */
    const distrustOf = async (
      [first = "", ...alsoPresets]: string[],
      options: ScorerOptions = {},
    ): Promise<(Distrust | undefined)[]> => {
      await using one = await createScorer({ ...options, preset: first, alsoPresets });
      const distrust: (Distrust | undefined)[] = [];
      for await (const results of one.scoreAllByPreset(findInputs([example("burger.jpg")]))) {
        for (const result of results) {
          if (result.type === "error") throw new Error(result.error.message);
          expect(result.trusted).to.equal(result.distrust === undefined);
          distrust.push(result.distrust);
        }
      }
      return distrust;
    };

    it("is not trusted, however it is asked", async () => {
      const ways = {
        prefill: { questions: [{ ...asked, prefill: quality.prefill }] },
        beginning: { questions: [{ ...quality, prefill: asked.prefill }] },
        among: { questions: [quality, asked] },
        system: { questions: [quality], system: "Rate aesthetics." },
        raw: raw(asked.question),
        nonsense: { questions: [{ question: "Rate the xyzzy of the image." }] },
      };
      const files = await Promise.all(Object.entries(ways).map(([name, way]) => preset(name, way)));
      expect(await distrustOf(["aesthetics", ...files])).to.deep.equal([
        "unlearned",
        ...files.map(() => "unlearned"),
      ]);
    });

    it("is not trusted where no answer mass is asked for", async () => {
      expect(await distrustOf(["aesthetics"], { trustThreshold: 0 })).to.deep.equal(["unlearned"]);
    });

    it("is not trusted, by a question at the call", async () => {
      expect(await distrustOf(["qboost"], { question: asked.question })).to.deep.equal(["unlearned"]);
    });

    it("is not trusted, by a chat template that says more", async () => {
      const template = await written("and.jinja", TEMPLATE);
      expect(await distrustOf(["qboost-noprefill"], { template })).to.deep.equal(["unlearned"]);
    });

    it("is not trusted of a copy of its files", async () => {
      const [model, mmproj] = [join(folder, "a.gguf"), join(folder, "b.gguf")];
      await copyFile(bundledModel.model, model);
      await copyFile(bundledModel.mmproj, mmproj);
      expect(await distrustOf(["aesthetics"], { model, mmproj })).to.deep.equal(["unlearned"]);
    });

    it("is not trusted in a video or any of its frames", async () => {
      await using one = await createScorer({ preset: "aesthetics" });
      const { frames, ...video } = await one.scoreVideo(example("clip.mp4"), { frames: 2 });
      for (const scored of [video, ...frames]) expect(scored.distrust).to.equal("unlearned");
    });

    it("is trusted in all that it learned", async () => {
      const learned = [...presets.values()]
        .filter(({ name, template }) => template === "chat" && name !== "aesthetics" && name !== "qbench")
        .map(({ name }) => name);
      const known = await preset("known", raw("Rate the quality of the image."));
      const distrust = await distrustOf([...learned, known]);
      expect(distrust).to.deep.equal([...learned, known].map(() => undefined));
      // Two of its three words leave the third one's share out, which is another matter.
      expect(await distrustOf(["qbench"], { trustThreshold: 0 })).to.deep.equal([undefined]);
    });
  });

  it("sees where a clip goes out of focus", async () => {
    const { frames, trusted } = await scorer.scoreVideo(example("clip.mp4"));
    expect(trusted).to.equal(true);
    const [first = NaN, , third = NaN] = frames.map((frame) => frame.score);
    expect(third).to.be.below(first - 0.2);
  });

  it("has every tone word as one token in context", async () => {
    const model = await nativeAddon().loadModel({ ...bundledModel, gpuLayers: 0 }, () => undefined);
    const tokens = (text: string): number[] => [...model.tokenize([{ text, special: false }], false)];
    const before = tokens("The quality of the image is");
    const words = "good average poor high medium low fine acceptable bad excellent fair".split(" ");
    const after = words.map((word) => tokens(`The quality of the image is ${word}`));
    for (const [index, list] of after.entries()) {
      expect(list.slice(0, -1), words[index]).to.deep.equal(before);
    }
    expect(new Set(after.map((list) => list.at(-1))).size).to.equal(words.length);
    model.dispose();
  });
});
