import { expect } from "chai";
import { components } from "../../packages/ffmpeg/components.js";
import type { Colour } from "../../src/media/colour/colour.js";
import { inputArguments } from "../../src/media/ffmpeg/ffmpegProcess.js";
import { filterGraph } from "../../src/media/video/filters.js";

/** Those that ffmpeg's configure script calls otherwise than its command line. */
const spoken = new Map([
  ["mpegps", "mpeg"],
  ["vc1t", "vc1test"],
]);

/** The value that follows an option. */
const after = (args: readonly string[], option: string): string => args[args.indexOf(option) + 1] ?? "";

/** The names of a filter graph's filters. */
const filtersOf = (graph: string): string[] =>
  graph
    .replaceAll(/'[^']*'|\[[^\]]*\]/g, "")
    .split(/[;,]/)
    .map((filter) => filter.split("=", 1)[0] ?? "");

describe("the components of tonescore's ffmpeg", () => {
  const info = {
    specifier: "0:V:0",
    codec: "h264",
    decoding: [],
    stored: { width: 32, height: 24 },
    size: { width: 32, height: 24 },
    range: 0,
    orientation: [],
    timeBase: { numerator: 1, denominator: 10 },
    timed: true,
    origin: 0,
    warnings: [],
    interlaced: true,
    hasAlpha: true,
  };

  it("demux what tonescore lets ffmpeg open, and nothing else", () => {
    const allowed = after(inputArguments("file:x"), "-format_whitelist").split(",");
    const own = components.demuxer.filter((name) => name !== "image_bmp_pipe");
    expect(allowed).to.include.members(own.map((name) => spoken.get(name) ?? name));
  });

  it("have every filter of the graphs for plain, wide and HDR colours", () => {
    for (const [matrix, transfer, primaries] of [
      [1, 1, 1],
      [9, 16, 9],
      [14, 18, 9],
      [1, 1, 12],
    ] as const) {
      const colour: Colour = { matrix, transfer, primaries };
      const used = filtersOf(filterGraph({ ...info, colour }, "not(mod(n,2))"));
      expect(used).to.include.members(["scale", "bwdif", "overlay"]);
      expect(components.filter, used.join()).to.include.members(used);
    }
  });

  it("open no address", () => {
    const protocols = after(inputArguments("file:x"), "-protocol_whitelist").split(",");
    expect(components.protocol).to.have.members([...protocols, "fd"]);
  });
});
