import { expect } from "chai";
import { ladderPlace } from "../../src/compare/series.js";

const places: Readonly<Record<string, readonly [series: string, step?: string]>> = {
  "x264-crf23": ["x264-crf", "23"],
  "x265-crf48": ["x265-crf", "48"],
  "crf23-x264": ["crf-x264", "23"],
  "crf23-x265": ["crf-x265", "23"],
  libx264_23: ["libx264", "23"],
  "svt-av1-crf30": ["svt-av1-crf", "30"],
  "h.264 28": ["h.264", "28"],
  hevc_crf28_10bit: ["hevc_crf_10bit", "28"],
  "q80-444": ["q-444", "80"],
  "q80-420": ["q-420", "80"],
  "jpeg2000-q40": ["jpeg2000-q", "40"],
  "v1.2-q30": ["v1.2-q", "30"],
  "1080p-crf23": ["1080p-crf", "23"],
  "720p": ["p", "720"],
  "0.5bpp": ["bpp", "0.5"],
  "0,25bpp": ["bpp", "0,25"],
  "qp-5": ["qp", "5"],
  "avif-q0.80": ["avif-q", "0.80"],
  "a/q80.mp4": ["a/q", "80"],
  "80": ["", "80"],
  "420": ["", "420"],
  x264: ["x264"],
  original: ["original"],
};

describe("ladders: the place of a version", () => {
  for (const [name, [series, step]] of Object.entries(places)) {
    it(`${name} is ${step === undefined ? "a series by itself" : `step ${step} of "${series}"`}`, () => {
      expect(ladderPlace(name)).to.deep.equal(step === undefined ? { series } : { series, step });
    });
  }
});
