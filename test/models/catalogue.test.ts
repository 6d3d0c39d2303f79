import { expect } from "chai";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { isRepository, isSafeName } from "../../src/hub/repository.js";
import { ADVISED_MODEL } from "../../src/models/advised.js";
import { isBundled, isDownloaded, knownModel, readCatalogue } from "../../src/models/catalogue.js";
import { isMmproj } from "../../src/models/likeness.js";
import { isModelName } from "../../src/models/modelName.js";
import { presets } from "../../src/prompts/presets.js";
import { viewsNames } from "../../src/scoring/views.js";

const bytes = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.string().refine((name) => isSafeName(name) && name.endsWith(".gguf"));
const published = z.strictObject({ file, bytes, sha256 });
const named = z.strictObject({ file, bytes: bytes.optional(), sha256: sha256.optional() });
const entry = {
  name: z.string().refine(isModelName),
  title: z.string().min(1),
  licence: z.string().min(1),
  preset: z.enum([...presets.keys()]),
  videoPreset: z.enum([...presets.keys()]).optional(),
  views: z.enum(viewsNames),
  measured: z.string().optional(),
};
const repository = z.string().refine(isRepository);
const schema = z.strictObject({
  models: z.array(
    z.union([
      z.strictObject({
        ...entry,
        side: z.int().positive(),
        learned: z.array(z.string()).nonempty(),
        model: published,
        mmproj: published,
      }),
      z.strictObject({ ...entry, repository, model: named, mmproj: named }),
      z.strictObject({ ...entry, checkpoint: repository }),
    ]),
  ),
});

const source = new URL("../../models/catalogue.json", import.meta.url);

describe("the catalogue", () => {
  it("is as its types say", () => {
    schema.parse(JSON.parse(readFileSync(source, "utf8")));
  });

  it("has each name once, and the bundled model first", async () => {
    const models = await readCatalogue();
    const names = models.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(models.map(isBundled).indexOf(true)).to.equal(0);
    for (const model of models.filter(isDownloaded)) {
      expect(isMmproj(model.model.file), model.name).to.equal(false);
      expect(isMmproj(model.mmproj.file), model.name).to.equal(true);
    }
  });

  it("has no claim of a measurement but where one stands", async () => {
    for (const { name, measured } of await readCatalogue()) {
      if (measured === undefined) continue;
      expect(readFileSync(new URL(`../../${measured}`, import.meta.url), "utf8")).to.include(name);
    }
  });

  it("advises a model that can be downloaded whole, and was not taught a few prompts only", async () => {
    const advised = (await readCatalogue()).find(({ name }) => name === ADVISED_MODEL);
    expect(advised && isDownloaded(advised) && !isBundled(advised)).to.equal(true);
    expect(advised && isDownloaded(advised) && advised.model.sha256 && advised.mmproj.sha256).to.be.a(
      "string",
    );
  });

  it("knows by the name in a file's metadata the bundled model alone", async () => {
    expect((await knownModel("tonescore-3"))?.side).to.equal(512);
    expect(await knownModel("smolvlm-500m")).to.equal(undefined);
    expect(await knownModel("q-realign-mini")).to.equal(undefined);
  });
});
