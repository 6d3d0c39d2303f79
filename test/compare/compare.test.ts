import { expect } from "chai";
import { compareVersions } from "../../src/compare/compare.js";
import { failure, image, video } from "../report/results.js";

const sized = (path: string, score: number, size: number) => ({
  ...image(path, score),
  input: { path, size, width: 100, height: 80, treatment: [] },
});

describe("compare: versions", () => {
  const pairs = [0.8, 0.6, 0.7, 0.5].map((score, index) => ({
    name: `p${index}`,
    results: [
      sized(`png/p${index}.png`, score, 8000),
      sized(`q/p${index}.jpg`, score - 0.1 * index, 1000 + 100 * index),
    ],
  }));

  it("gives paired differences, wins, sizes and bits per pixel", () => {
    const { versions, pictures } = compareVersions(["png", "q"], pairs);
    const [png, q] = versions;
    expect(png?.score.value).to.be.closeTo(0.65, 1e-12);
    expect(q?.difference.value).to.be.closeTo(-0.15, 1e-12);
    expect(q).to.include({ better: 0, equal: 1, worse: 3, bytes: 4600 });
    expect(png?.bitsPerPixel).to.equal(8);
    expect(q?.bitsPerPixel).to.be.closeTo(1.15, 1e-12);
    expect(png).to.include({ better: 0, equal: 4, worse: 0 });
    expect(pictures[3]?.items[1]?.difference).to.be.closeTo(-0.3, 1e-12);
    expect(pictures[3]?.items[1]?.path).to.equal("q/p3.jpg");
  });

  it("counts the pixels of the file, not of what it was decoded to", () => {
    const [pair] = pairs;
    const [png, q] = pair?.results ?? [];
    if (!png || !q) return expect.fail("a pair");
    const smaller = {
      ...q,
      input: { ...q.input, width: 50, height: 40, original: { width: 100, height: 80 } },
    };
    const { versions } = compareVersions(["png", "q"], [{ name: "p0", results: [png, smaller] }]);
    expect(versions[1]?.bitsPerPixel).to.equal(1);
  });

  it("resamples pictures, not versions: a constant difference has an interval of no width", () => {
    const constant = [0.2, 0.5, 0.9].map((score, index) => ({
      name: `p${index}`,
      results: [image("a.png", score), image("b.png", score - 0.125)],
    }));
    const [, worse] = compareVersions(["a", "b"], constant).versions;
    expect(worse?.difference.low).to.be.closeTo(-0.125, 1e-12);
    expect(worse?.difference.high).to.be.closeTo(-0.125, 1e-12);
    expect((worse?.score.high ?? 0) - (worse?.score.low ?? 0)).to.be.above(0.2);
  });

  it("gives the same interval each time, around the mean", () => {
    const once = compareVersions(["png", "q"], pairs);
    expect(compareVersions(["png", "q"], pairs)).to.deep.equal(once);
    const { value, low = NaN, high = NaN } = once.versions[1]?.difference ?? { value: NaN };
    expect(low).to.be.within(-0.3, value);
    expect(high).to.be.within(value, 0);
    expect(low).to.be.below(high);
  });

  it("counts a picture only where all its versions were scored", () => {
    const { pictures, errors, versions } = compareVersions(
      ["png", "q"],
      [...pairs, { name: "broken", results: [image("a.png", 0.9), failure("q/broken.jpg")] }],
    );
    expect(pictures).to.have.length(4);
    expect(errors.map(({ input }) => input.path)).to.deep.equal(["q/broken.jpg"]);
    expect(versions[0]?.score.value).to.be.closeTo(0.65, 1e-12);
  });

  it("has no interval for one pair, and no bits per pixel for videos", () => {
    const results = [video("old.mp4", [1, 2]), video("new.mp4", [0, 2])];
    const { versions } = compareVersions(["old", "new"], [{ name: "clip", results }]);
    expect(versions[1]?.difference).to.have.all.keys("value");
    expect(versions[1]).to.include({ bytes: 90_000, worse: 1 }).and.not.have.property("bitsPerPixel");
  });
});
