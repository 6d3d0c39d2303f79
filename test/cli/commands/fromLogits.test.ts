import { expect } from "chai";
import { writeFile } from "node:fs/promises";
import type { Evaluation } from "../../../src/results/evaluation.js";
import type { ImageResult, RunHeader, VideoResult } from "../../../src/results/result.js";
import { builtIn } from "../../prompts/builtIn.js";
import { cli, fakeHeader, folderWith } from "../fakes.js";

const words = builtIn("qboost-ensemble").tones.flatMap(({ name, words }) =>
  words.map((word) => ({ word, tone: name })),
);
const { question } = builtIn("qboost").questions[0] ?? { question: "" };

/** `good` grows with the picture's number, all other words stay. */
const answers = (number: number) => [
  {
    question,
    logSumExp: 20,
    words: words.map((word) => ({ ...word, logit: word.word === "good" ? 10 + number : 11 })),
  },
];
const scored = { score: 0.5, tones: [], answerMass: 1, trusted: true, scale: "unit" };
const picture = (number: number): ImageResult => ({
  type: "image",
  input: { path: `elsewhere/${number}.jpg`, width: 1, height: 1, treatment: [] },
  answers: answers(number),
  ...scored,
});
const video = (number: number): VideoResult => ({
  type: "video",
  input: { path: `elsewhere/${number}.mp4`, width: 1, height: 1, treatment: [] },
  ...{ pooling: "mean", sampling: "fps 1", warnings: [], ...scored },
  frames: [0, 1].map((time) => ({ time, answers: answers(number + time), ...scored })),
});

const recipe = builtIn("qboost-ensemble");
const identity = { name: recipe.name, hash: "ee", prompts: ["?"], temperature: 1, recipe };
const header: RunHeader = { ...fakeHeader, presets: { image: identity, video: identity } };

const numbers = [1, 2, 3, 4];

async function evaluateStored(lines: readonly unknown[], ending: string, ...argv: string[]) {
  await using folder = await folderWith(...numbers.map((number) => `${number}${ending}`));
  await writeFile(
    folder.file("list.csv"),
    `path,mos\n${numbers.map((number) => `${number}${ending},${number}`).join("\n")}\n`,
  );
  await writeFile(folder.file("a.ndjson"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const ran = await cli([
    "evaluate",
    folder.file("list.csv"),
    "--from-logits",
    folder.file("a.ndjson"),
    "--format",
    "json",
    ...argv,
  ]);
  return { ...ran, report: ran.code > 1 ? undefined : (JSON.parse(ran.out) as Evaluation) };
}

const stored = [header, ...numbers.map(picture)];
const scoresOf = (report: Evaluation | undefined, index = 0) =>
  report?.evaluations[index]?.rows.map(({ score }) => score) ?? [];

describe("cli: evaluate --from-logits", () => {
  it("passes over results of other files, however many there are", async () => {
    const others = ["x", "y"].map((folder) => ({
      ...picture(9),
      input: { ...picture(9).input, path: `${folder}/other.jpg` },
    }));
    const alone = await evaluateStored(stored, ".jpg");
    const among = await evaluateStored([...stored, ...others], ".jpg");
    expect(among.report?.evaluations[0]?.overall).to.deep.equal(alone.report?.evaluations[0]?.overall);
    expect(among.report?.evaluations[0]?.overall.n).to.equal(4);
  });

  it("scores other presets without a model, found by the files' names", async () => {
    const { code, report, scorer } = await evaluateStored(
      stored,
      ".jpg",
      "-p",
      "qboost",
      "-p",
      "qboost-ensemble",
    );
    expect(code).to.equal(0);
    expect(scorer).to.equal(undefined);
    expect(report?.evaluations.map(({ name }) => name)).to.deep.equal(["qboost", "qboost-ensemble"]);
    expect(report?.evaluations[0]).to.deep.include({ model: header.model });
    // softmax over 11, 11, 11 is even; the ensemble's mean moves by a third of a logit
    expect(scoresOf(report)[0]).to.be.closeTo(0.5, 1e-12);
    const [up, down] = [Math.exp(1 / 3), 1];
    expect(scoresOf(report, 1)[1]).to.be.closeTo((up + 0.5 * down) / (up + 2 * down), 1e-12);
  });

  it("takes the preset it was written with, at another temperature or weighting", async () => {
    const warm = await evaluateStored(stored, ".jpg", "--temperature", "1000");
    for (const score of scoresOf(warm.report)) expect(score).to.be.closeTo(0.5, 1e-3);
    const weighted = await evaluateStored(stored, ".jpg", "--tones", "good=0.9; poor=0.1");
    expect(scoresOf(weighted.report)[0]).to.be.closeTo(0.5, 1e-12);
    expect(Math.max(...scoresOf(weighted.report))).to.be.below(0.9);
  });

  it("pools the frames of videos as their results say, or as told", async () => {
    const videos = [header, ...numbers.map(video)];
    const { report } = await evaluateStored(videos, ".mp4", "-p", "qboost");
    const score = (logit: number) => (Math.exp(logit - 11) + 0.5) / (Math.exp(logit - 11) + 2);
    expect(scoresOf(report)[0]).to.be.closeTo((score(11) + score(12)) / 2, 1e-12);
    const told = await evaluateStored(videos, ".mp4", "-p", "qboost", "--pooling", "logits");
    expect(scoresOf(told.report)[0]).to.be.closeTo(score(11.5), 1e-12);
  });

  describe("of pictures that were looked at several times", () => {
    const treatment = { name: "detail", crops: 2, side: 512, whole: 0.25 } as const;
    const place = { left: 0, top: 0, width: 512, height: 512 };
    const seen = (number: number): ImageResult => ({
      ...picture(number),
      views: {
        ...{ treatment, whole: scored },
        crops: [number + 2, number + 4].map((each) => ({ ...place, ...scored, answers: answers(each) })),
      },
    });
    const lines = [{ ...header, views: treatment }, ...numbers.map(seen)];
    const score = (logit: number): number => (Math.exp(logit - 11) + 0.5) / (Math.exp(logit - 11) + 2);

    it("weighs the whole and the crops as the results say", async () => {
      const { report } = await evaluateStored(lines, ".jpg", "-p", "qboost");
      expect(scoresOf(report)[0]).to.be.closeTo(score(0.25 * 11 + 0.75 * 14), 1e-12);
      expect(report?.evaluations[0]?.views).to.deep.equal(treatment);
      const other = { ...treatment, whole: 0.5 };
      const changed = lines.map((line) =>
        "views" in line &&
        "whole" in line.views &&
        "crops" in line.views &&
        typeof line.views.whole === "object"
          ? { ...line, views: { ...line.views, treatment: other } }
          : line,
      );
      const weighed = await evaluateStored(changed, ".jpg", "-p", "qboost");
      expect(scoresOf(weighed.report)[0]).to.be.closeTo(score(0.5 * 11 + 0.5 * 14), 1e-12);
    });

    it("leaves the crops out where the whole is asked for", async () => {
      const { report } = await evaluateStored(lines, ".jpg", "-p", "qboost", "--views", "whole");
      expect(scoresOf(report)[0]).to.be.closeTo(score(11), 1e-12);
      expect(report?.evaluations[0]?.views?.name).to.equal("whole");
    });

    it("has no crops of pictures that were looked at as a whole", async () => {
      const { code, err } = await evaluateStored(stored, ".jpg", "--views", "detail");
      expect(code).to.equal(2);
      expect(err).to.match(/Expected pictures that were looked at as "detail" says, .* as "whole" says/);
    });
  });

  it("counts failed and absent pictures, and takes the last result of a path", async () => {
    const failed = {
      type: "error",
      input: { path: "elsewhere/1.jpg" },
      error: { code: "ERR_IMAGE_DECODE", message: "?" },
    };
    const { code, report } = await evaluateStored(
      [header, picture(1), failed, ...[2, 3].map(picture)],
      ".jpg",
    );
    expect(code).to.equal(1);
    expect(report?.dataset).to.include({ listed: 4, failed: 2 });
  });

  it("takes each preset of a run of several from its own results", async () => {
    const identityOf = (name: string) => {
      const recipe = builtIn(name);
      const identity = { name, hash: name, prompts: [`prompt of ${name}`], temperature: 1, recipe };
      return { image: identity, video: identity };
    };
    const several = {
      ...header,
      presets: identityOf("sharpness"),
      alsoPresets: [identityOf("qboost"), identityOf("qboost-ensemble")],
    };
    const ofSharpness = (number: number) => {
      const { tones, questions } = builtIn("sharpness");
      const words = tones.flatMap(({ name, words }) =>
        words.map((word) => ({ word, tone: name, logit: name === tones[0]?.name ? -number : 0 })),
      );
      const answers = [{ question: questions[0]?.question, logSumExp: 20, words }];
      return { ...picture(number), preset: "sharpness", answers };
    };
    const plain = (number: number) => {
      const [answer] = answers(number);
      const words = answer?.words.filter(({ word }) => ["good", "average", "poor"].includes(word));
      return { ...picture(number), preset: "qboost", answers: [{ ...answer, words }] };
    };
    const lines = numbers.flatMap((number) => [
      ...[ofSharpness(number), plain(number), { ...picture(number), preset: "qboost-ensemble" }],
    ]);
    const { code, report, err } = await evaluateStored([several, ...lines], ".jpg");
    expect(code, err).to.equal(0);
    const names = ["sharpness", "qboost", "qboost-ensemble"];
    expect(report?.evaluations.map(({ name }) => name)).to.deep.equal(names);
    expect(report?.evaluations.map(({ preset }) => preset?.prompts[0])).to.deep.equal(
      names.map((name) => `prompt of ${name}`),
    );
    const [fall, rise] = [scoresOf(report), scoresOf(report, 1)];
    expect(fall).to.deep.equal(fall.toSorted((a, b) => b - a));
    expect(new Set(fall).size).to.equal(4);
    expect(rise).to.deep.equal(rise.toSorted((a, b) => a - b));
    const chosen = await evaluateStored([several, ...lines], ".jpg", "-p", "qboost-ensemble");
    expect(scoresOf(chosen.report)).to.deep.equal(scoresOf(report, 2));
    const other = await evaluateStored([several, ...lines], ".jpg", "-p", "qalign");
    expect(other.err).to.include('was written with "sharpness" and "qboost" and "qboost-ensemble"');
    const twice = await evaluateStored(stored, ".jpg", "-p", "qboost", "-p", "qboost");
    expect([twice.code, twice.err]).to.deep.equal([
      2,
      'tonescore: Expected presets with names of their own, but two are called "qboost". ' +
        "Leave one out, or rename it. (ERR_INVALID_ARGUMENT)\n",
    ]);
  });

  const refused: [what: string, lines: readonly unknown[], argv: string[], message: RegExp][] = [
    [
      "another question",
      stored,
      ["-p", "qalign"],
      /Expected logits in .* for the preset "qalign".*questions or prefill/,
    ],
    ["another prefill", stored, ["-p", "qboost-noprefill"], /"qboost-noprefill".*questions or prefill/],
    ["other words", stored, ["--tones", "lovely; ugly"], /needs the word "lovely", and the file has "good"/],
    [
      "frames that were let go",
      [header, { ...video(1), input: picture(1).input, framesLeftOut: 3 }],
      [],
      /elsewhere\/1\.jpg" in ".*a\.ndjson", but 3 of its frames are not there.*\(ERR_DATASET\)/,
    ],
    ["no logits", [{ some: "thing" }], [], /Expected logits, .* in ".*", but it has \{"some":"thing"\}/],
    ["an empty file", [], [], /it is empty/],
  ];
  for (const [what, lines, argv, message] of refused) {
    it(`says why not: ${what}`, async () => {
      const { code, err } = await evaluateStored(lines, ".jpg", ...argv);
      expect(code).to.equal(2);
      expect(err).to.match(message);
    });
  }

  it("is refused for another treatment of pictures than they had, the family's own included", async () => {
    const family = { name: "LLaVA-1.5", squarePad: [122, 116, 104] as const };
    const presets = [{}, { squarePad: family.squarePad }, { squarePad: false }, { centreCut: true }];
    const codesOf = async (head: RunHeader): Promise<number[]> => {
      const codes = [];
      for (const shown of presets) {
        await using folder = await folderWith();
        const file = folder.file("mine.json");
        await writeFile(file, JSON.stringify({ ...recipe, name: "mine", picture: shown }));
        const { code, err } = await evaluateStored([head, ...numbers.map(picture)], ".jpg", "-p", file);
        if (code !== 0) expect(err).to.include("they differ in picture");
        codes.push(code);
      }
      return codes;
    };
    const [same, differs] = [0, 2];
    expect(await codesOf({ ...header, family })).to.deep.equal([same, same, differs, differs]);
    // Written before families were looked at, or by a model of none.
    expect(await codesOf(header)).to.deep.equal([same, differs, same, differs]);
  });

  it("needs a dataset where the file has no MOS", async () => {
    await using folder = await folderWith();
    await writeFile(folder.file("a.json"), JSON.stringify({ header, results: [picture(1)] }));
    const { err } = await cli(["evaluate", "--from-logits", folder.file("a.json")]);
    expect(err).to.match(/MOS values .* there are none.*tonescore evaluate DATASET --from-logits/);
  });
});
