import { expect } from "chai";
import { Budget } from "../../src/util/budget.js";
import { failure } from "../media/helpers.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a budget", () => {
  it("gives what there is, and lets the rest wait in their order", async () => {
    const budget = new Budget(10);
    const order: string[] = [];
    const take = async (name: string, amount: number) => {
      const release = await budget.take(amount);
      order.push(name);
      return release;
    };
    const first = await take("first", 6);
    const large = take("large", 8);
    const small = take("small", 2); // would fit, but the large one would then wait for ever
    await turn();
    expect(order).to.deep.equal(["first"]);
    first();
    first();
    await turn();
    expect(order).to.deep.equal(["first", "large", "small"]);
    const tooMuch = take("later", 1);
    await turn();
    expect(order).to.have.length(3);
    (await large)();
    (await small)();
    await tooMuch;
    expect(order.at(-1)).to.equal("later");
  });

  it("gives back what it gave to someone who left while waiting", async () => {
    const budget = new Budget(4);
    const release = await budget.take(4);
    const controller = new AbortController();
    const leaving = failure(budget.take(4, controller.signal), "ERR_ABORTED");
    const staying = budget.take(4);
    controller.abort();
    release();
    await leaving;
    (await staying)();
    await failure(budget.take(1, AbortSignal.abort()), "ERR_ABORTED");
  });
});
