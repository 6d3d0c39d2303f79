import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Dependencies } from "../../../src/cli/terminal/io.js";
import { createScorer, type VideoResult } from "../../../src/index.js";
import { findImported } from "../../../src/models/imported.js";
import { withSuitedPreset } from "../../../src/models/suitedPreset.js";
import { nativeAddon } from "../../../src/native/load.js";
import { presets } from "../../../src/prompts/presets.js";
import { openScorer } from "../../../src/scorer/createScorer.js";
import { resolveScorerOptions } from "../../../src/scorer/options.js";
import { PreparedPreset } from "../../../src/scorer/preparedPreset.js";
import { hashFile } from "../../../src/util/hashFile.js";
import { emptyHome, HubServer, removeHome } from "../../hub/hubServer.js";
import { shape } from "../../importing/families/owl2Checkpoint.js";
import { writeCheckpoint } from "../../reference/mplug-owl2/checkpoint.js";
import { cli, type Folder, folderWith, type Ran } from "../fakes.js";

/** With a model instead of the command line's stand-in. */
const real: Dependencies = {
  createScorer: (options, pairs) =>
    openScorer(
      resolveScorerOptions({ ...options, threads: 1, gpu: "off", onWarning: () => undefined }),
      pairs,
    ),
};

/** As SentencePiece makes tokens of the authors' prompts, of each side of the picture by itself. */
const HOW = [3148, 1001, 29901, 1128, 723, 366, 6554, 278, 11029, 310, 445, 1967, 29973, 13];
const QUALITY_IS = [29871, 13, 22933, 9047, 13566, 29901, 450, 11029, 310, 278, 1967, 338];
const USER = [3148, 1001, 29901, 29871];
const RATE = [390, 403, 278, 11029, 310, 278, 1967, 29889, 319, 1799, 9047, 13566, 29901];
const LEVELS = [15129, 1781, 6534, 6460, 4319];
const asked = {
  "qalign-owl2": [HOW, QUALITY_IS, LEVELS],
  deqa: [HOW, QUALITY_IS, LEVELS],
  "qinstruct-owl2": [USER, RATE, [1781, 6460]],
  "qboost-noprefill": [USER, RATE, [1781, 6588, 6460]],
  "qboost-ensemble-noprefill": [USER, RATE, [1781, 1880, 2691, 6588, 18350, 22691, 6460, 4482, 4319]],
} as const;

describe("cli: models import, of mPLUG-Owl2", () => {
  let home: Folder;
  let made: Ran;
  let files: { model: string; mmproj: string };

  before(async () => {
    home = await folderWith();
    await writeCheckpoint(home.file("owl"), { type: "bf16", format: "bin" });
    const args = [home.file("owl"), "--quant", "Q8_0", "--out", home.file("made")];
    made = await cli(["models", "import", ...args], real);
    files = {
      model: join(home.file("made"), "owl-Q8_0.gguf"),
      mmproj: join(home.file("made"), "mmproj-owl-Q8_0.gguf"),
    };
  });
  after(() => home[Symbol.asyncDispose]());

  it("makes a pair that scores, and says what its chat template is called", () => {
    expect(made.err).to.equal("");
    expect(made.code).to.equal(0);
    expect(made.out).to.include("owl: mPLUG-Owl2, Q8_0,").and.to.include("licence not said");
    expect(made.out).to.match(/tried on rider\.jpg 0\.\d{3}, rider-blurred\.jpg 0\.\d{3}/);
    expect(made.out).to.include(`--model ${home.file("made")} --template mplug-owl2`);
  });

  it("makes the same of safetensors, in one part or several", async () => {
    const other = home.file("other");
    await writeCheckpoint(join(other, "owl"), {
      type: "bf16",
      format: "safetensors",
      shards: 3,
      positions: true,
    });
    const target = join(other, "made");
    const { code } = await cli(["models", "import", join(other, "owl"), "--out", target], real);
    expect(code).to.equal(0);
    const hashOf = (folder: string): Promise<string> => hashFile(join(folder, "owl-Q8_0.gguf"));
    expect(await hashOf(target)).to.equal(await hashOf(home.file("made")));
  });

  it("asks in the authors' tokens", async () => {
    const model = await nativeAddon().loadModel({ ...files, gpuLayers: 0 }, () => undefined);
    for (const [name, [before, after, targets]] of Object.entries(asked)) {
      const preset = presets.get(name);
      if (!preset) throw new Error(`there is no ${name}`);
      const prepared = await PreparedPreset.prepare(preset, model, "mplug-owl2");
      const [one] = prepared.continuations;
      expect([...prepared.before], name).to.deep.equal([1, ...before]);
      expect(prepared.continuations).to.have.length(1);
      expect(one && [...one.tokens], name).to.deep.equal(after);
      expect(one && [...one.targets], name).to.deep.equal(targets);
    }
    model.dispose();
  });

  it("gives DeQA's distribution, whose mean is the score", async () => {
    await using scorer = await createScorer({
      ...files,
      preset: "deqa",
      threads: 1,
      gpu: "off",
      scale: "mos",
    });
    const { tones, score } = await scorer.scoreImage("examples/rider.jpg");
    expect(tones.map(({ name }) => name)).to.deep.equal(["excellent", "good", "fair", "poor", "bad"]);
    const sum = (each: (level: number, probability: number) => number): number =>
      tones.reduce((all, { probability }, index) => all + each(5 - index, probability), 0);
    expect(sum((_, probability) => probability)).to.be.closeTo(1, 1e-9);
    expect(sum((level, probability) => level * probability)).to.be.closeTo(score, 1e-9);
  });

  it("asks about a clip's frames in one prompt, as many as the context holds", async () => {
    const options = { ...files, preset: "qalign-owl2-video", threads: 1, gpu: "off" } as const;
    await using scorer = await createScorer(options);
    const video = await scorer.scoreVideo("examples/clip.mp4");
    expect(video.frames.map(({ times }) => times?.length)).to.deep.equal([4]);
    expect(video.warnings).to.deep.equal([]);
    await using narrow = await createScorer({ ...options, maxContext: 64 });
    const few: VideoResult = await narrow.scoreVideo("examples/clip.mp4");
    // 15 tokens before and 12 after, and 17 a frame of the small model.
    expect(few.frames.map(({ times }) => times?.length)).to.deep.equal([2]);
    expect(few.warnings.join()).to.include("fps 1 gives 4 frames, of which 2 fit");
  });

  it("refuses what is no checkpoint of its family", async () => {
    await writeFile(join(home.file("owl"), "config.json"), '{"architectures":["MPLUGOwlForCausalLM"]}');
    const { code, err } = await cli(["models", "import", home.file("owl")], real);
    expect(code).to.not.equal(0);
    expect(err).to.include('it says "MPLUGOwlForCausalLM"').and.to.include("mPLUG-Owl2");
  });
});

describe("cli: models import, of OneAlign's repository", () => {
  let home: string;
  before(async () => {
    home = await emptyHome();
    process.env.HF_HOME = home;
    process.env.XDG_DATA_HOME = join(home, "data");
  });
  after(async () => {
    for (const name of ["HF_HOME", "XDG_DATA_HOME", "HF_ENDPOINT"]) Reflect.deleteProperty(process.env, name);
    await removeHome(home);
  });

  it("takes its weights and texts, no code, and asks pictures and videos as its authors do", async () => {
    const checkpoint = join(home, "checkpoint");
    await writeCheckpoint(checkpoint, { type: "bf16", format: "bin", shape });
    const names = readdirSync(checkpoint);
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(checkpoint, name))]));
    await using server = await HubServer.open();
    process.env.HF_ENDPOINT = server.url;
    const code = {
      "modeling_mplug_owl2.py": Buffer.from("import os"),
      "training_args.bin": Buffer.from("x"),
    };
    server.serve("q-future/one-align", { ...files, ...code });
    const { code: exit, err, out } = await cli(["models", "import", "one-align"]);
    expect(exit, err).to.equal(0);
    expect(out).to.match(/--model one-align$/m);
    const fetched = server.asked.filter((each) => each.includes("/resolve/"));
    expect(fetched.map((each) => basename(each)).sort()).to.deep.equal(names.sort());
    const ofVideos = { preset: "qalign-owl2", videoPreset: "qalign-owl2-video" };
    expect(await findImported("one-align")).to.include({ ...ofVideos, template: "mplug-owl2" });
    expect(await withSuitedPreset({ model: "one-align" })).to.include(ofVideos);
  });
});
