import { expect } from "chai";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import type { NativeModel, NativePicture, NativeSession } from "../../../src/native/addon.js";
import { PreparedPreset } from "../../../src/scorer/preparedPreset.js";
import { parsePreset } from "../../../src/prompts/parsePreset.js";
import type { Preset } from "../../../src/prompts/preset.js";
import { filesOf, loadFamily, openSession } from "../../native/support.js";

/** What llama-server of the same release answered; made by record.py. */
interface ServerRecord {
  readonly model: string;
  readonly files: Readonly<Record<string, string>>;
  readonly templateArguments: Preset["templateArguments"];
  readonly marker: string;
  readonly prefill: string;
  readonly questions: readonly string[];
  readonly prompts: readonly string[];
  readonly tokens: readonly { readonly before: readonly number[]; readonly after: readonly number[] }[];
  readonly words: readonly { readonly word: string; readonly id: number }[];
  readonly pictures: readonly string[];
  /** [pictures × questions × words] */
  readonly logprobs: readonly (readonly (readonly number[])[])[];
}

const folder = new URL("records/", import.meta.url);
const records = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as ServerRecord,
);

function presetOf(record: ServerRecord, questions: readonly string[]): Preset {
  const words = record.words.map(({ word }) => word);
  return parsePreset({
    name: "recorded",
    questions: questions.map((question) => ({ question, prefill: record.prefill })),
    tones: [
      { name: "first", weight: 1, words: words.slice(0, 1) },
      { name: "others", weight: 0, words: words.slice(1) },
    ],
    templateArguments: record.templateArguments,
  });
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN))));

for (const record of records) {
  describe(`llama-server's answers: ${record.model}`, () => {
    const pictures: NativePicture[] = [];
    let model: NativeModel;
    let session: NativeSession;

    before(async () => {
      model = await loadFamily(record.model);
      session = await openSession(model, { threads: 2 });
      for (const file of record.pictures) {
        const path = fileURLToPath(new URL(`../../fixtures/pictures/${file}`, import.meta.url));
        const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
        pictures.push(await session.encode(data, info.width, info.height));
      }
    });
    after(() => session.close());

    /** Log-probabilities of the words, one row a question. */
    async function ours(preset: PreparedPreset, picture: NativePicture): Promise<number[][]> {
      const { logits, logSumExp } = await session.score([preset.before, picture], preset.continuations);
      const reading = preset.read(logits, logSumExp);
      return reading.logits.map((row, k) =>
        Array.from(row, (logit) => logit - (reading.logSumExp[k] ?? NaN)),
      );
    }

    it("is recorded from these very files", () => {
      for (const path of Object.values(filesOf(record.model))) {
        const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
        expect(record.files).to.have.property(path.slice(path.lastIndexOf("/") + 1), hash);
      }
    });

    it("renders the recorded prompts, as the recorded tokens", async () => {
      const preset = await PreparedPreset.prepare(presetOf(record, record.questions), model);
      expect(preset.prompts.map((prompt) => prompt.replace("{picture}", record.marker))).to.deep.equal(
        record.prompts,
      );
      for (const [index, { tokens, targets }] of preset.continuations.entries()) {
        expect([...tokens]).to.deep.equal(record.tokens[index]?.after);
        expect([...targets]).to.deep.equal(record.words.map(({ id }) => id));
      }
    });

    it("gives the server's log-probabilities within 2e-3 for one question", async () => {
      const preset = await PreparedPreset.prepare(presetOf(record, record.questions.slice(0, 1)), model);
      for (const [index, picture] of pictures.entries()) {
        const [row = []] = await ours(preset, picture);
        expect(largestDifference(row, record.logprobs[index]?.[0] ?? []), record.pictures[index]).to.be.below(
          2e-3,
        );
      }
    });

    it("gives the server's log-probabilities within 5e-3 for nine questions after one picture", async () => {
      const preset = await PreparedPreset.prepare(presetOf(record, record.questions), model);
      for (const [index, picture] of pictures.entries()) {
        const rows = await ours(preset, picture);
        expect(rows).to.have.length(9);
        for (const [k, row] of rows.entries()) {
          const difference = largestDifference(row, record.logprobs[index]?.[k] ?? []);
          expect(difference, `${record.pictures[index] ?? ""}, question ${k}`).to.be.below(5e-3);
        }
      }
    });
  });
}
