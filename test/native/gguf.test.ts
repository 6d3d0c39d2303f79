import { expect } from "chai";
import { mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledModel } from "../../src/models/bundled.js";
import { nativeAddon } from "../../src/native/load.js";
import { families, filesOf, openSession } from "./support.js";

describe("native model files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-gguf-"));
  });
  after(() => rm(folder, { recursive: true }));

  const codeOfLoading = (model: string, mmproj: string): Promise<unknown> =>
    nativeAddon()
      .loadModel({ model, mmproj, gpuLayers: 0 }, () => undefined)
      .then(
        () => "loaded",
        (error: unknown) => (error as { code?: unknown }).code,
      );

  for (const family of families) {
    for (const role of ["model", "mmproj"] as const) {
      it(`refuses the ${role} of ${family}, cut short anywhere`, async () => {
        const files = filesOf(family);
        const whole = await readFile(files[role]);
        const cut = join(folder, "cut.gguf");
        await writeFile(cut, whole);
        const lengths = new Set([whole.length - 1, whole.length - 40]);
        for (let i = 40; i > 0; i--) lengths.add(Math.floor((whole.length * i) / 41));
        for (const small of [4096, 1024, 100, 24, 8, 4, 1, 0]) lengths.add(small);
        for (const length of [...lengths].sort((a, b) => b - a)) {
          await truncate(cut, length);
          const code = await codeOfLoading(...pair({ ...files, [role]: cut }));
          expect(code, `${length} of ${whole.length} bytes`).to.equal("ERR_MODEL_INVALID");
        }
      });
    }
  }

  const pair = (files: { model: string; mmproj: string }): [string, string] => [files.model, files.mmproj];

  it("refuses a file that is missing, foreign, or in the other one's place", async () => {
    const { model, mmproj } = filesOf(families[0] ?? "");
    const text = join(folder, "text.gguf");
    await writeFile(text, "This is not a model.\n".repeat(100));
    expect(await codeOfLoading(join(folder, "absent.gguf"), mmproj)).to.equal("ERR_MODEL_NOT_FOUND");
    expect(await codeOfLoading(model, folder)).to.equal("ERR_MODEL_NOT_FOUND");
    expect(await codeOfLoading(text, mmproj)).to.equal("ERR_MODEL_INVALID");
    expect(await codeOfLoading(model, text)).to.equal("ERR_MODEL_INVALID");
    expect(await codeOfLoading(mmproj, model)).to.equal("ERR_MODEL_INVALID");
  });

  it("refuses an mmproj that cannot see", async () => {
    const { model, mmproj } = filesOf(families[0] ?? "");
    const blind = join(folder, "blind.gguf");
    const bytes = await readFile(mmproj);
    const key = "clip.has_vision_encoder";
    bytes[bytes.indexOf(key) + key.length + 4] = 0; // after the key: four bytes of type, one of value
    await writeFile(blind, bytes);
    expect(await codeOfLoading(model, blind)).to.equal("ERR_NO_VISION");
  });

  it("refuses an mmproj of another width when a session is opened", async () => {
    const model = await nativeAddon().loadModel(
      { model: filesOf("smolvlm").model, mmproj: filesOf("narrow").mmproj, gpuLayers: 0 },
      () => undefined,
    );
    const error: unknown = await openSession(model).catch((reason: unknown) => reason);
    expect(error).to.have.property("code", "ERR_MMPROJ_MISMATCH");
    expect(error).to.have.property("message").that.includes("narrow.mmproj.gguf");
  });

  it("refuses a MobileNetV5 that would fail libmtmd's assertions", async () => {
    const { model, mmproj } = bundledModel;
    const key = "clip.vision.image_size";
    const kernel = "v.blk.2.0.dw_mid.conv.weight";
    const type = kernel.length + 4 + 4 * 8; // after the name: four bytes of how many dimensions, then four of eight
    const spoilt = join(folder, "spoilt.gguf");
    for (const [name, offset, value, complaint] of [
      [key, key.length + 4, 300, "does not hold"],
      [kernel, type, 25, "i16"],
    ] as const) {
      const bytes = await readFile(mmproj);
      bytes.writeUInt32LE(value, bytes.indexOf(name) + offset);
      await writeFile(spoilt, bytes);
      const loading = nativeAddon().loadModel({ model, mmproj: spoilt, gpuLayers: 0 }, () => undefined);
      const error: unknown = await loading.then(openSession).catch((reason: unknown) => reason);
      expect(error).to.have.property("code", "ERR_MODEL_INVALID");
      expect(error).to.have.property("message").that.includes(complaint);
    }
  });

  it("refuses a header of random bytes wherever they stand", async () => {
    const { model, mmproj } = filesOf(families[0] ?? "");
    const broken = join(folder, "broken.gguf");
    await writeFile(broken, await readFile(model));
    const file = await open(broken, "r+");
    await file.write(Buffer.alloc(16, 0xff), 0, 16, 8);
    await file.close();
    expect(await codeOfLoading(broken, mmproj)).to.equal("ERR_MODEL_INVALID");
  });
});
