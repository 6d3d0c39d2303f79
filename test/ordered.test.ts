import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { mapOrdered } from "../src/ordered.js";

describe("mapOrdered", () => {
  it("keeps the order of the inputs while several are under way", async () => {
    let underWay = 0;
    let most = 0;
    const results: number[] = [];
    const map = async (input: number): Promise<number> => {
      most = Math.max(most, ++underWay);
      await sleep(input % 2 === 0 ? 8 : 1);
      underWay--;
      return input * 10;
    };
    for await (const result of mapOrdered([1, 2, 3, 4, 5, 6, 7], 3, map)) results.push(result);
    expect(results).to.deep.equal([10, 20, 30, 40, 50, 60, 70]);
    expect(most).to.equal(3);
  });

  it("throws a failure when its turn comes, after the others have ended", async () => {
    const ended: number[] = [];
    const map = async (input: number): Promise<number> => {
      await sleep(5 * input);
      ended.push(input);
      if (input === 2) throw new Error("two");
      return input;
    };
    const results: number[] = [];
    const error: unknown = await (async () => {
      for await (const result of mapOrdered([1, 2, 3], 3, map)) results.push(result);
    })().catch((reason: unknown) => reason);
    expect(error).to.have.property("message", "two");
    expect(results).to.deep.equal([1]);
    expect(ended).to.deep.equal([1, 2, 3]);
  });
});
