import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TonescoreError } from "../../src/errors.js";
import { loadPreset } from "../../src/prompts/loadPreset.js";
import { presets } from "../../src/prompts/presets.js";

describe("loadPreset", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-presets-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function refusal(nameOrPath: string): Promise<string> {
    try {
      await loadPreset(nameOrPath);
    } catch (error) {
      if (error instanceof TonescoreError && error.code === "ERR_PRESET") return error.message;
      throw error;
    }
    throw new Error("it was accepted");
  }

  it("finds a built-in preset by name", async () => {
    expect(await loadPreset("qalign")).to.equal(presets.get("qalign"));
  });

  it("reads a preset from a JSON file", async () => {
    const path = join(folder, "mine.json");
    await writeFile(path, JSON.stringify({ ...presets.get("qboost"), name: "mine", temperature: 2 }));
    expect(await loadPreset(path)).to.deep.equal({ ...presets.get("qboost"), name: "mine", temperature: 2 });
  });

  it("lists the names where one is unknown, the likely one first", async () => {
    const message = await refusal("qbost");
    expect(message).to.contain('did you mean "qboost"?');
    expect(message).to.contain("qbench, qboost, qboost-noprefill");
  });

  it("says what is wrong with a file", async () => {
    const path = join(folder, "broken.json");
    await writeFile(path, "{");
    expect(await refusal(path)).to.contain('broken.json", but it is not JSON (');
    await writeFile(path, "{}");
    expect(await refusal(path)).to.match(/a valid preset in .*broken\.json, but it is not:\n {2}name: /);
    expect(await refusal(join(folder, "none.json"))).to.contain("nothing is there");
    expect(await refusal(`${folder}/`)).to.contain(", but it is a folder");
  });
});
