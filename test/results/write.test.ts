import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readLogits } from "../../src/evaluate/storedLogits.js";
import { readResults } from "../../src/results/readResults.js";
import type { ImageResult, RunHeader } from "../../src/results/result.js";
import { beginnings, jsonFormat, ndjsonFormat } from "../../src/results/write.js";
import { fakeHeader } from "../cli/fakes.js";

const header: RunHeader = fakeHeader;
const image = (path: string, preset?: string): ImageResult => ({
  type: "image",
  input: { path, width: 4, height: 3, treatment: [] },
  ...(preset !== undefined && { preset }),
  ...{ scale: "unit", score: 0.5, answerMass: 1, trusted: true },
  tones: [{ name: "positive", weight: 1, probability: 1 }],
  answers: [{ question: "?", words: [{ word: "good", tone: "positive", logit: 1 }], logSumExp: 2 }],
});
const inputs = [[image('a "\u2028\n.jpg', "p"), image('a "\u2028\n.jpg', "q")], [image("b.jpg")]];

describe("written results", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-written-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const [name, makeFormat] of Object.entries({ json: jsonFormat, ndjson: ndjsonFormat })) {
    async function write(results = inputs): Promise<string> {
      const format = makeFormat(header);
      const text = [format.start, ...results.map((each) => format.results(each)), format.end?.()].join("");
      expect(beginnings.scores.filter((beginning) => beginning.test(text))).to.have.length(1);
      await writeFile(join(folder, name), text);
      return join(folder, name);
    }

    it(`are read as they were: ${name}`, async () => {
      const { header: read, results } = await readResults(await write(), "all");
      expect([read, results]).to.deep.equal([header, inputs.flat()]);
    });

    it(`may be none: ${name}`, async () => {
      expect((await readResults(await write([]), "all")).results).to.deep.equal([]);
    });

    it(`are kept as far as they are wanted: ${name}`, async () => {
      const { results } = await readLogits(await write(), (path) => path === "b.jpg");
      expect(results).to.deep.equal(inputs[1]);
    });
  }
});
