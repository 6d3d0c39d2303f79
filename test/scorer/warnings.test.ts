import { expect } from "chai";
import { once } from "node:events";
import type { OpenEngine } from "../../src/native/engine.js";
import { openInProcess } from "../../src/native/inProcess.js";
import { choosePresets } from "../../src/prompts/choosePresets.js";
import { openScorer } from "../../src/scorer/createScorer.js";
import { resolveScorerOptions, type ScorerOptions } from "../../src/scorer/options.js";
import { filesOf } from "../native/support.js";

/** An engine that has something to say of itself. */
const warning: OpenEngine = async (options) => {
  const engine = await openInProcess(options);
  return Object.assign(engine, { warnings: ["cuda is not used: it is made up."] });
};

async function opened(options: ScorerOptions): Promise<void> {
  const resolved = resolveScorerOptions({ ...filesOf("smolvlm"), threads: 1, ...options });
  const scorer = await openScorer(resolved, await choosePresets(resolved), warning);
  await scorer.close();
}

describe("what a scorer's engine warns of", () => {
  it("goes to onWarning", async () => {
    const told: string[] = [];
    await opened({ onWarning: (text) => told.push(text) });
    expect(told).to.deep.equal(["cuda is not used: it is made up."]);
  });

  it("is a warning of the process where there is none", async () => {
    const warned = once(process, "warning");
    await opened({});
    expect((await warned)[0]).to.include({
      name: "TonescoreWarning",
      message: "cuda is not used: it is made up.",
    });
  });
});
