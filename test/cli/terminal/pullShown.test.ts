import { expect } from "chai";
import { Pace } from "../../../src/cli/terminal/pullShown.js";

describe("the pace of a download", () => {
  it("is that of the last seconds, and says how long it will take", () => {
    let now = 0;
    const pace = new Pace(300e6, () => now);
    expect(pace.text(100e6)).to.equal("100 MB of 300 MB"); // what was there already is no pace
    now = 1000;
    expect(pace.text(120e6)).to.equal("120 MB of 300 MB, 20.0 MB/s, 9 s left");
    now = 20_000;
    pace.text(125e6);
    now = 21_000;
    expect(pace.text(125e6)).to.equal("125 MB of 300 MB");
    now = 22_000;
    expect(pace.text(130e6)).to.equal("130 MB of 300 MB, 2.50 MB/s, 1 min 8 s left");
  });
});
