import { expect } from "chai";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledModel } from "../../src/models/bundled.js";
import { resolveModel } from "../../src/models/resolve.js";

describe("resolveModel", () => {
  let folder: string;
  const put = (name: string): Promise<void> => writeFile(join(folder, name), "");
  const failure = (promise: Promise<unknown>): Promise<{ code?: string; message: string }> =>
    promise.then(
      () => expect.fail("expected an error"),
      (error: unknown) => error as { code?: string; message: string },
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-models-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("gives the bundled model, which is there, when nothing is named", async () => {
    expect(await resolveModel()).to.deep.equal(bundledModel);
    expect(existsSync(bundledModel.model) && existsSync(bundledModel.mmproj)).to.equal(true);
  });

  it("finds the mmproj beside the model, and the model in a folder", async () => {
    await put("SmolVLM-256M-Q8_0.gguf");
    await put("mmproj-SmolVLM-256M-f16.gguf");
    const expected = {
      model: join(folder, "SmolVLM-256M-Q8_0.gguf"),
      mmproj: join(folder, "mmproj-SmolVLM-256M-f16.gguf"),
    };
    expect(await resolveModel(expected.model)).to.deep.equal(expected);
    expect(await resolveModel(folder)).to.deep.equal(expected);
  });

  it("takes the mmproj whose name is most like the model's", async () => {
    for (const name of ["Qwen-2B-Q4.gguf", "mmproj-SmolVLM-f16.gguf", "mmproj-Qwen-2B-f16.gguf"])
      await put(name);
    const { mmproj } = await resolveModel(join(folder, "Qwen-2B-Q4.gguf"));
    expect(mmproj).to.equal(join(folder, "mmproj-Qwen-2B-f16.gguf"));
  });

  it("leaves no choice to chance", async () => {
    for (const name of ["a.gguf", "b.gguf", "mmproj-x.gguf", "mmproj-y.gguf"]) await put(name);
    expect((await failure(resolveModel(folder))).message).to.include("a.gguf, b.gguf");
    expect((await failure(resolveModel(join(folder, "a.gguf")))).message).to.include(
      "mmproj-x.gguf, mmproj-y.gguf",
    );
    const { mmproj } = await resolveModel(join(folder, "a.gguf"), join(folder, "mmproj-y.gguf"));
    expect(mmproj).to.equal(join(folder, "mmproj-y.gguf"));
  });

  it("says what is missing", async () => {
    await put("alone.gguf");
    for (const [model, mmproj, message] of [
      [join(folder, "absent.gguf"), undefined, 'absent.gguf", but nothing is there'],
      [join(folder, "alone.gguf"), undefined, "an mmproj (picture encoder) beside"],
      ["https://example.org/model.gguf", undefined, "or download it first"],
      [undefined, "mmproj.gguf", "a model to go with the mmproj"],
    ] as const) {
      const error = await failure(resolveModel(model, mmproj));
      expect(error.code).to.equal("ERR_MODEL_NOT_FOUND");
      expect(error.message).to.include(message);
    }
  });
});
