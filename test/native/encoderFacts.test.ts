import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nativeAddon } from "../../src/native/load.js";
import { failure } from "../media/helpers.js";
import { readLayout, splice } from "./ggufLayout.js";
import { filesOf, loadFamily } from "./support.js";

describe("what an mmproj says of its encoder", () => {
  it("is told of its model", async () => {
    const llava = await loadFamily("llava-1.5");
    const { encoder } = llava.info;
    expect(encoder).to.include({ projector: "mlp", merged: 0, classEmbedding: true, tiles: false });
    expect(encoder.imageSize / encoder.patchSize).to.be.above(1);
    llava.dispose();
    const qwen = await loadFamily("qwen3.5");
    const { projector, patchSize, merged, classEmbedding } = qwen.info.encoder;
    expect({ projector, patchSize, merged, classEmbedding }).to.deep.equal({
      ...{ projector: "qwen3vl_merger", patchSize: 16, merged: 2, classEmbedding: false },
    });
    qwen.dispose();
  });

  it("names a projector in a few printable characters, or is refused without a word of it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tonescore-encoder-"));
    const files = filesOf("llava-1.5");
    const layout = readLayout(files.mmproj);
    const { start, end } = layout.values.get("clip.projector_type") ?? expect.fail("no projector");
    const mmproj = join(folder, "mmproj.gguf");
    for (const name of ["m".repeat(2 ** 20), "\u001b[31mmlp", "mlp\nmlp", "mlp ", "mlpé"]) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(Buffer.byteLength(name)));
      await writeFile(mmproj, splice(layout, start, end, Buffer.concat([length, Buffer.from(name)])));
      const loading = nativeAddon().loadModel({ ...files, mmproj, gpuLayers: 0 }, () => undefined);
      const { message } = await failure(loading, "ERR_MODEL_INVALID");
      expect(message).to.equal(`The mmproj file ${mmproj} names a type of projector that there is none of`);
    }
    await rm(folder, { recursive: true });
  });
});
