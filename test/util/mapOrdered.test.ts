import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { mapOrdered } from "../../src/util/mapOrdered.js";

/** A promise, and what fulfils it. */
function gate(): [open: () => void, opened: Promise<void>] {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [
    () => {
      open();
    },
    opened,
  ];
}

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

  it("gives a result as soon as it is there, however long the next input is in coming", async () => {
    const [come, arrived] = gate();
    async function* inputs(): AsyncGenerator<number> {
      yield 1;
      await arrived;
      yield 2;
    }
    const results = mapOrdered(inputs(), 3, (input) => Promise.resolve(input * 10));
    expect(await results.next()).to.deep.equal({ done: false, value: 10 });
    come();
    expect(await results.next()).to.deep.equal({ done: false, value: 20 });
    expect((await results.next()).done).to.equal(true);
  });

  it("gives the results of what came before the inputs failed", async () => {
    async function* inputs(): AsyncGenerator<number> {
      yield* [1, 2];
      await sleep(0);
      throw new Error("the feed broke off");
    }
    const results: number[] = [];
    const map = async (input: number): Promise<number> => {
      await sleep(5 * input);
      return input * 10;
    };
    const error: unknown = await (async () => {
      for await (const result of mapOrdered(inputs(), 3, map)) results.push(result);
    })().catch((reason: unknown) => reason);
    expect(error).to.have.property("message", "the feed broke off");
    expect(results).to.deep.equal([10, 20]);
  });

  it("hands back what was drawn when its consumer leaves", async () => {
    const [come, arrived] = gate();
    async function* inputs(): AsyncGenerator<number> {
      yield 1;
      await arrived;
      yield 2;
    }
    const unused: number[] = [];
    const results = mapOrdered(
      inputs(),
      3,
      (input) => Promise.resolve(input),
      (input) => unused.push(input),
    );
    await results.next();
    const left = results.return();
    come();
    await left;
    expect(unused).to.deep.equal([2]);
  });
});
