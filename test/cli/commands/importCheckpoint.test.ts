import { expect } from "chai";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cli, FakeScorer, fakeIo, folderWith } from "../fakes.js";

const checkpoints = fileURLToPath(new URL("../../reference/importing/checkpoints", import.meta.url));
const qwen = join(checkpoints, "qwen2.5-vl");

describe("cli: models import", () => {
  it("is one of the commands of models, with a help of its own", async () => {
    expect((await cli(["models", "--help"])).out).to.match(
      /^ +import \[options\] <checkpoint> +make a model/m,
    );
    const { code, out } = await cli(["models", "import", "--help"]);
    expect(code).to.equal(0);
    for (const option of ["--quant", "--name", "--out", "--encoder", "--keep"])
      expect(out).to.include(option);
  });

  it("makes a model, tries it on the example pictures, and says how to use it", async () => {
    await using home = await folderWith();
    const out = home.file("mine");
    const {
      code,
      out: said,
      err,
      scorer,
    } = await cli(["models", "import", qwen, "--quant", "F16", "--out", out]);
    expect(err).to.equal("");
    expect(code).to.equal(0);
    expect(said).to.include("qwen2.5-vl: Qwen2.5-VL, F16,").and.to.include("licence apache-2.0");
    expect(said).to.include("tried on rider.jpg 0.500, rider-blurred.jpg 0.500, rider-compressed.jpg 0.500");
    expect(said).to.include(`--model ${out}`);
    expect(scorer?.closed).to.equal(true);
    expect(scorer?.options.model).to.equal(join(`${out}.importing`, "qwen2.5-vl-F16.gguf"));
    expect(await readdir(out)).to.include("tonescore.json");
  });

  it("keeps no model that cannot score", async () => {
    await using home = await folderWith();
    const out = home.file("mine");
    const { code, err } = await cli(["models", "import", qwen, "--quant", "F16", "--out", out], {
      createScorer: (options) =>
        Promise.resolve(
          new FakeScorer(options, () => {
            throw new Error("no answer");
          }),
        ),
    });
    expect(code).to.not.equal(0);
    expect(err).to.include("no answer");
    expect(await readdir(home.path)).to.deep.equal(["mine.importing"]);
  });

  it("says what was stopped, and where it is kept", async () => {
    await using home = await folderWith();
    const out = home.file("mine");
    const io = fakeIo();
    const { code, err } = await cli(["models", "import", qwen, "--quant", "F16", "--out", out], {
      io,
      before: () => {
        io.pressCtrlC();
        throw new Error("stopped");
      },
    });
    expect(code).to.equal(130);
    expect(err).to.include(`what was written is kept in ${out}.importing`);
  });

  it("lists the quantisations for one that does not exist, and exits with 2", async () => {
    const { code, err } = await cli(["models", "import", qwen, "--quant", "Q9_9"]);
    expect(code).to.equal(2);
    expect(err).to.include("Q9_9").and.to.include("Q8_0, Q6_K");
  });

  it("exits with 3 for what is no checkpoint", async () => {
    const { code, err } = await cli(["models", "import", join(checkpoints, "nowhere")]);
    expect(code).to.equal(3);
    expect(err).to.include("nothing is there").and.to.include("ERR_MODEL_NOT_FOUND");
  });

  it("refuses a name that is none", async () => {
    const { code, err } = await cli(["models", "import", qwen, "--name", "../x"]);
    expect(code).to.equal(2);
    expect(err).to.include("a name of 1 to 64 letters");
  });
});
