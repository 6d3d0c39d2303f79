import { expect } from "chai";
import type { Row } from "../../bench/row.js";
import { lossesOf, ratiosOf } from "../../bench/stored.js";

const row = (what: string, unit: Row["unit"], ours: number, name: string, theirs: number): Row => ({
  what,
  unit,
  ours: [ours],
  other: { name, values: [theirs] },
});

describe("the check of benchmarks", () => {
  const before = ratiosOf([
    row("one", "ms", 10, "llama-server", 30),
    row("folder", "pictures/s", 50, "llama-server, 2 at once", 10),
    row("video", "ms", 10, "ffmpeg version 5.1.9-0+deb12u1 decodes all", 10),
    { what: "share", unit: "%", ours: [99] },
  ]);

  it("keeps ratios, whichever way is better, without versions and counts", () => {
    expect(before).to.deep.equal({
      "one | llama-server": 3,
      "folder | llama-server, # at once": 5,
      "video | ffmpeg version # decodes all": 1,
    });
  });

  it("tells what lost more than 15 %, and nothing else", () => {
    const now = ratiosOf([
      row("one", "ms", 10, "llama-server", 25),
      row("folder", "pictures/s", 50, "llama-server, 4 at once", 11.5),
      row("video", "ms", 10, "ffmpeg version 7.1 decodes all", 12),
      row("new", "ms", 10, "llama-server", 1),
    ]);
    expect(lossesOf(before, now)).to.deep.equal(["one | llama-server: 2.5× now, and 3× in the stored run"]);
  });
});
