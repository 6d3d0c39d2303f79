import { appendFile, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { FileProblem } from "../../src/util/namedFile.js";
import { openStored } from "../../src/results/read.js";
import { gather } from "../../src/results/gather.js";
import type { Wanted } from "../../src/results/stored.js";
import { cli, fakeHeader } from "../cli/fakes.js";

const scored = {
  score: 0.5,
  tones: [{ name: "positive", weight: 1, probability: 1 }],
  answerMass: 1,
  trusted: true,
};
const answers = [{ question: "?", words: [{ word: "good", tone: "positive", logit: 1 }], logSumExp: 2 }];
const image = (path: string, more: object = {}) => ({
  type: "image",
  input: { path, width: 4, height: 3, treatment: [] },
  scale: "unit",
  ...scored,
  answers,
  ...more,
});
const video = {
  type: "video",
  input: { path: "v.mp4", width: 4, height: 3, treatment: [] },
  ...scored,
  ...{ scale: "unit", pooling: "logits", sampling: "fps 1", warnings: [] },
  frames: [{ time: 0, ...scored, answers }],
};

const views = {
  treatment: { name: "detail", crops: 2, side: 512, whole: 0.2 },
  whole: scored,
  crops: [{ left: 1, top: 2, width: 3, height: 4, ...scored, answers }],
};

describe("stored results", () => {
  let folder = "";
  let file = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-stored-"));
    file = join(folder, "r.ndjson");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const lines = (...values: unknown[]) =>
    writeFile(file, values.map((value) => `${JSON.stringify(value)}\n`).join(""));

  async function read(wanted: Wanted = "all") {
    const stored = await openStored(file, wanted);
    if (stored.type !== "results") throw new Error(stored.type);
    return gather(stored.entries);
  }

  it("keep what was seen of a picture in its crops, as far as a reader wants it", async () => {
    const [header, result] = [{ ...fakeHeader, views: views.treatment }, image("a.jpg", { views })];
    await lines(header, result);
    expect(await read()).to.deep.equal({ header, results: [result] });
    const [report] = (await read("report")).results;
    const [crop] = views.crops;
    expect(report)
      .to.have.property("views")
      .that.deep.equals({ ...views, crops: [{ ...crop, answers: [] }] });
    expect((await read("scores")).results[0]).to.have.property("views", undefined);
  });

  it("keep what was done for the model's family, and are refused where that is none", async () => {
    const family = { name: "Qwen3.5", imageMinTokens: 64, imageMaxTokens: 4096, authorsMaxTokens: 16384 };
    const padded = { name: "LLaVA-1.5", squarePad: [122, 116, 104] };
    for (const one of [family, padded, { name: "One of a later version", more: 1 }]) {
      await lines({ ...fakeHeader, family: one }, image("a.jpg"));
      expect((await read()).header).to.deep.equal({ ...fakeHeader, family: one });
    }
    for (const [wrong, field] of [
      ["LLaVA-1.5", "family"],
      [{ name: "x".repeat(101) }, "family.name"],
      [{ ...padded, squarePad: [1, 2] }, "family.squarePad"],
      [{ ...padded, squarePad: [1, 2, 300] }, "family.squarePad[2]"],
      [{ ...family, imageMaxTokens: -1 }, "family.imageMaxTokens"],
    ] as const) {
      await lines({ ...fakeHeader, family: wrong }, image("a.jpg"));
      const problem = await read().catch((error: unknown) => error);
      expect(problem).to.be.instanceOf(FileProblem);
      expect(problem).to.have.property("message").that.includes(`"${field}"`);
    }
  });

  it("are refused with crops that are none, by the field that is wrong", async () => {
    for (const [wrong, field] of [
      [{ ...views, crops: [] }, "views.crops"],
      [{ ...views, crops: [{ ...views.crops[0], left: -1 }] }, "views.crops[0].left"],
      [{ ...views, treatment: { ...views.treatment, whole: 3 } }, "views.treatment.whole"],
      [{ ...views, whole: {} }, "views.whole.score"],
    ] as const) {
      await lines(fakeHeader, image("a.jpg", { views: wrong }));
      const problem = await read().catch((error: unknown) => error);
      expect(problem).to.be.instanceOf(FileProblem);
      expect(problem).to.have.property("message").that.includes(field);
    }
  });

  it("are the same from NDJSON, from JSON, and from JSON that was formatted anew", async () => {
    const values = [image("a.jpg"), video];
    await lines(fakeHeader, ...values);
    const found = await read();
    expect(found.header).to.deep.equal(fakeHeader);
    expect(found.results).to.deep.equal(values);
    const [head, ...rest] = [fakeHeader, ...values].map((value) => JSON.stringify(value));
    await writeFile(file, `{"header":${head},"results":[\n${rest.join(",\n")}\n]}\n`);
    expect(await read()).to.deep.equal(found);
    for (const indent of [0, 2]) {
      await writeFile(file, JSON.stringify({ header: fakeHeader, results: values }, null, indent));
      expect(await read()).to.deep.equal(found);
    }
  });

  it("leave out frames that come by the way, and a line that was never finished", async () => {
    const frame = { type: "frame", input: { path: "-" }, ...scored, time: 0, answers };
    await lines(fakeHeader, frame, { ...frame, type: "running" }, video);
    await appendFile(file, '{"type":"image","inp');
    expect((await read()).results).to.deep.equal([video]);
  });

  it("count once for a path and preset, however the path is spelled, and what fails fails for all presets", async () => {
    const of = (path: string, preset: string, score: number) => image(path, { preset, score });
    const failed = {
      type: "error",
      input: { path: "b.jpg" },
      error: { code: "ERR_IMAGE_DECODE", message: "?" },
    };
    await lines(
      fakeHeader,
      ...[
        of("a.jpg", "p", 0.1),
        of("a.jpg", "q", 0.2),
        of("./a.jpg", "p", 0.3),
        of(join(process.cwd(), "a.jpg"), "q", 0.4),
      ],
      ...[of("b.jpg", "p", 0.5), of("b.jpg", "q", 0.6), failed],
    );
    const { results } = await read();
    expect(results.map((result) => (result.type === "error" ? result.type : result.score))).to.deep.equal([
      0.3,
      0.4,
      "error",
    ]);
  });

  it("keep what their reader needs only", async () => {
    await lines(fakeHeader, image("a.jpg"), video);
    const [picture, clip] = (await read("report")).results;
    expect(picture).to.deep.include({ answers: [] });
    expect(clip).to.have.nested.property("frames[0].answers").that.deep.equals(answers);
    const [, lean] = (await read("scores")).results;
    expect(lean).to.deep.include({ frames: [] });
  });

  const broken: Readonly<Record<string, unknown>> = {
    "a score that is a text": image("a.jpg", { score: "0.5" }),
    "a score beyond measure": image("a.jpg", { score: 1e300 }),
    "no tones": image("a.jpg", { tones: undefined }),
    "tones that are an object": image("a.jpg", { tones: {} }),
    "a weight above 1": image("a.jpg", { tones: [{ name: "x", weight: 1e9, probability: 0 }] }),
    "a path that is a number": image("a.jpg", { input: { path: 3, width: 1, height: 1, treatment: [] } }),
    "an input that is null": image("a.jpg", { input: null }),
    "a word that is a list": image("a.jpg", { answers: [{ question: "?", words: [[]], logSumExp: 1 }] }),
    "frames that are numbers": { ...video, frames: [1, 2, 3] },
    "an unknown code": { type: "error", input: {}, error: { code: "<b>", message: "" } },
    "an error without a message": { type: "error", input: {}, error: { code: "ERR_X" } },
    "a type from the prototype": { type: "constructor" },
    "a list": [],
    "a header of another version": { ...fakeHeader, version: 99 },
    "a header without presets": { ...fakeHeader, presets: {} },
    "a recipe that is none": {
      ...fakeHeader,
      presets: { image: { ...fakeHeader.presets.image, recipe: {} }, video: {} },
    },
  };
  for (const [what, value] of Object.entries(broken)) {
    it(`name the line and what is wrong with it: ${what}`, async () => {
      await lines(fakeHeader, image("a.jpg"), value);
      const problem = await read().then(
        () => expect.fail("was read"),
        (error: unknown) => error,
      );
      expect(problem).to.be.instanceOf(FileProblem);
      expect((problem as Error).message).to.match(/^its line 3 is no result of this version: ./);
    });
  }

  it("bear what would overflow a stack or change a prototype", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    for (const text of [
      `{"type":"image","input":${deep}}`,
      JSON.stringify(fakeHeader).replace('"templateArguments":{}', `"templateArguments":{"x":${deep}}`),
    ]) {
      await writeFile(file, `${JSON.stringify(fakeHeader)}\n${text}\n`);
      const problem = await read().catch((error: unknown) => error);
      expect(problem).to.be.instanceOf(FileProblem);
      expect((problem as Error).message).to.include("nested more than 64 deep");
    }
    const header = JSON.stringify(fakeHeader).replace('"threads"', '"__proto__":{"polluted":true},"threads"');
    await writeFile(file, `${header}\n${JSON.stringify(image("__proto__"))}\n`);
    const { results } = await read();
    expect(results).to.have.length(1);
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
  });

  it("take a path of ten megabytes, and quotes and backslashes at a line's end", async () => {
    const long = "x".repeat(10_000_000);
    await lines(fakeHeader, image(long), image('a"\\'), image("\\\\"));
    expect((await read()).results.map(({ input }) => input.path)).to.deep.equal([long, 'a"\\', "\\\\"]);
  });

  it("may be more than a string can hold", async function () {
    // Sparse but for results at both ends: a hole reads as zeros, which are no line feed.
    const long = JSON.stringify(image("a.jpg", { note: "y".repeat(1 << 20) }));
    const handle = await open(file, "w");
    await handle.writeFile(`${JSON.stringify(fakeHeader)}\n`);
    for (let count = 0; count < 540; count++)
      await handle.writeFile(`${long.replace("a.jpg", `${count}.jpg`)}\n`);
    await handle.close();
    const { results } = await read("scores");
    expect(results).to.have.length(540);
  });

  for (const [what, content] of Object.entries({
    '{"type":"comparison"}': '{"type":"comparison"}',
    "a comparison of nothing":
      '{"type":"comparison","version":1,"tonescore":"1","versions":[],"pictures":[]}',
    "an evaluation of nothing": '{\n "type": "evaluation"\n}',
    "a calibration": '{"type":"calibration"}',
    null: "null",
    "a list": "[1,2]",
    "a text": '"x"',
    "no JSON": "hello\nyou\n",
    "a picture": "\xff\xd8\xff\xe0\0\0",
    "results that are no list": '{"header":{},"results":{}}',
    "results of numbers": '{"results":[1]}',
    "a torn document": '{"header":{"type":"header"},"results":[\n',
    "an empty file": "",
  })) {
    it(`are told from ${what}, by every command that reads them`, async () => {
      await writeFile(file, content, "latin1");
      const page = join(folder, "page.html");
      for (const argv of [
        ["report", file, "-o", page],
        ["compare", file, file],
        ["evaluate", "--from-logits", file],
      ]) {
        const { code, err } = await cli(argv);
        expect(code, err).to.be.oneOf([1, 2]);
        expect(err)
          .to.match(/\(ERR_(INPUT_UNSUPPORTED|DATASET)\)/)
          .and.not.include("bug in tonescore");
      }
    });
  }

  it("are files: no folder, no device, nothing that is not there", async () => {
    for (const [path, why] of [
      [folder, "it is a folder"],
      ["/dev/zero", "it is a pipe or a device"],
      [join(folder, "none.ndjson"), "nothing is there"],
    ] as const) {
      for (const argv of [
        ["report", path, "-o", join(folder, "page.html")],
        ["evaluate", join(folder, "list.csv"), "--from-logits", path],
      ]) {
        await writeFile(join(folder, "list.csv"), "path,mos\nlist.csv,1\n");
        const { code, err } = await cli(argv);
        expect(code).to.be.oneOf([1, 2]);
        expect(err).to.include(why).and.not.include("bug in tonescore");
      }
    }
  });
});
