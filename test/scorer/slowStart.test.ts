import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { SlowStart } from "../../src/scorer/slowStart.js";

describe("a slow start", () => {
  const told: string[] = [];
  const slowStart = (why: string | undefined): SlowStart => new SlowStart(why, (text) => told.push(text), 0);

  beforeEach(() => {
    told.length = 0;
  });

  it("is told of once, while the first picture is waited for", async () => {
    const start = slowStart("it compiles");
    let toldBefore = 0;
    const reading = sleep(50).then(() => {
      toldBefore = told.length;
      return 1;
    });
    expect(await Promise.all([start.watch(reading), start.watch(sleep(50, 2))])).to.deep.equal([1, 2]);
    expect(toldBefore).to.equal(1);
    expect(await start.watch(sleep(50, 3))).to.equal(3);
    expect(told).to.deep.equal(["it compiles"]);
  });

  it("is not told of where none is expected, or the first picture was quick, even one that failed", async () => {
    await slowStart(undefined).watch(sleep(20));
    const quick = slowStart("it compiles");
    const failed = await quick.watch(Promise.reject(new Error("no picture"))).catch(() => "failed");
    expect(failed).to.equal("failed");
    await quick.watch(sleep(20));
    expect(told).to.deep.equal([]);
  });
});
