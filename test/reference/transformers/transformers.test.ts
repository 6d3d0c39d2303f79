import { expect } from "chai";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { presets } from "../../../src/index.js";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { familyOf } from "../../../src/models/families/families.js";
import { imageTokens } from "../../../src/models/families/imageTokens.js";
import type { NativeModel, NativeSession } from "../../../src/native/addon.js";
import { nativeAddon } from "../../../src/native/load.js";
import { PreparedPreset } from "../../../src/scorer/preparedPreset.js";
import { openSession } from "../../native/support.js";
import {
  CENTRE_CUT,
  compare,
  filesOf,
  openScorer,
  pathOf,
  records,
  type RecordedRecipe,
  templateOf,
} from "./readings.js";

/** f16 in llama.cpp's convolutions, tables for GELU and its cache, against f32 in PyTorch. */
const LOGIT_LIMIT = 2e-2;
const SCORE_LIMIT = 3e-3;

for (const record of records) {
  describe(`the published recipes on ${record.model} in transformers`, () => {
    let model: NativeModel;
    let session: NativeSession;
    before(async () => {
      model = await nativeAddon().loadModel({ ...filesOf(record), gpuLayers: 0 }, () => undefined);
      const { imageMinTokens = -1, imageMaxTokens = -1 } = imageTokens(familyOf(model.info), {});
      session = await openSession(model, { imageMinTokens, imageMaxTokens });
    });
    after(async () => {
      await session.close();
      model.dispose();
    });

    function prepare(name: string): Promise<PreparedPreset> {
      const preset = presets.get(name);
      if (!preset) throw new Error(`There is no preset ${name}`);
      return PreparedPreset.prepare(preset, model, templateOf(record));
    }

    /** How many tokens our prompt has, with a picture. */
    async function countTokens(preset: PreparedPreset, picture: string): Promise<number> {
      const { data, width, height } = await decodeImage(pathOf(picture));
      const encoded = await session.encode(data, width, height);
      const count = preset.before.length + encoded.tokens + (preset.continuations[0]?.tokens.length ?? NaN);
      encoded.dispose();
      return count;
    }

    it("were read from these very files", () => {
      for (const path of Object.values(filesOf(record)) as string[]) {
        const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
        expect(record.files).to.have.property(basename(path), hash);
      }
    });

    for (const [name, recipe] of Object.entries(record.recipes)) {
      it(`${name}: ask the same prompt, of as many tokens, and read the same words`, async () => {
        const preset = await prepare(name);
        expect(preset.prompts).to.deep.equal([recipe.prompt]);
        expect(preset.continuations.map(({ targets }) => [...targets])).to.deep.equal([
          recipe.words.map(({ id }) => id),
        ]);
        for (const [picture, { tokens }] of Object.entries(recipe.pictures)) {
          expect(await countTokens(preset, picture), picture).to.equal(tokens);
        }
      });

      it(`${name}: read logits within ${LOGIT_LIMIT} and scores within ${SCORE_LIMIT} of ours`, async () => {
        await using scorer = await openScorer(record, name);
        await expectAlike(scorer, recipe.pictures);
      });
    }

    const { cut } = record;
    if (cut) {
      it("cut out the middle square as we do where a preset says so", async () => {
        await using scorer = await openScorer(record, "qboost-noprefill", CENTRE_CUT);
        await expectAlike(scorer, cut);
      });
    }
  });
}

async function expectAlike(
  scorer: Awaited<ReturnType<typeof openScorer>>,
  pictures: RecordedRecipe["pictures"],
): Promise<void> {
  for (const [picture, expected] of Object.entries(pictures)) {
    const { logits, score } = await compare(scorer, picture, expected);
    expect(logits, picture).to.be.below(LOGIT_LIMIT);
    expect(score, picture).to.be.below(SCORE_LIMIT);
  }
}
