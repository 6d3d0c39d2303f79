import { expect } from "chai";
import { cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { indexTensors } from "../../../src/importing/checkpoint/checkpoint.js";
import { CheckpointFolder } from "../../../src/importing/checkpoint/folder.js";
import type { StoredTensor } from "../../../src/importing/checkpoint/storedTensor.js";
import { change, copyOf, failure, safetensors, temporary } from "../support.js";

const index = "model.safetensors.index.json";
const second = "model-00002-of-00002.safetensors";

describe("indexTensors", () => {
  const read = async (path: string): Promise<Map<string, StoredTensor>> =>
    indexTensors(await CheckpointFolder.open(path));
  const refused = async (path: string): Promise<string> => {
    const { code, message } = await failure(read(path));
    expect(code).to.equal("ERR_MODEL_INVALID");
    return message;
  };

  it("gives the tensors of all parts, in safetensors and in PyTorch's format", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    await using llava = await copyOf("q-instruct");
    const [one, other] = [await read(qwen.path), await read(llava.path)];
    expect(new Set([...one.values()].map(({ file }) => file)).size).to.equal(2);
    expect(one.has("visual.merger.mlp.2.weight") && one.has("lm_head.weight")).to.equal(true);
    expect(new Set([...other.values()].map(({ file }) => file)).size).to.equal(2);
    expect(other.has("model.mm_projector.2.bias")).to.equal(true);
  });

  it("reads parts without an index", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    const indexed = await read(qwen.path);
    await rm(join(qwen.path, index));
    expect([...(await read(qwen.path)).keys()]).to.deep.equal([...indexed.keys()]);
  });

  it("names the part that is missing, short or another's", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    await rename(join(qwen.path, second), join(qwen.path, "aside"));
    expect(await refused(qwen.path))
      .to.include(second)
      .and.to.include("it is missing");
    await rename(join(qwen.path, "aside"), join(qwen.path, second));
    await truncate(join(qwen.path, second), 60_000);
    expect(await refused(qwen.path))
      .to.include(second)
      .and.to.include("cut short");
    await writeFile(join(qwen.path, second), safetensors({}));
    expect(await refused(qwen.path)).to.match(/"visual\.[^"]*" is not in model-00002/);
  });

  it("refuses a part with tensors that no index lists, or that are in another", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    await change(join(qwen.path, index), ({ weight_map: map }) => {
      delete (map as Record<string, unknown>)["lm_head.weight"];
    });
    expect(await refused(qwen.path)).to.include('there is "lm_head.weight" besides');
    await rm(join(qwen.path, index));
    await cp(join(qwen.path, second), join(qwen.path, "model-3.safetensors"));
    expect(await refused(qwen.path)).to.include("and in another part");
  });

  for (const name of ["../secret", "/etc/passwd", "..", "a\\b", ""])
    it(`refuses an index that names ${JSON.stringify(name)}`, async () => {
      await using qwen = await copyOf("qwen2.5-vl");
      await change(join(qwen.path, index), (content) => {
        content.weight_map = { x: name };
      });
      expect(await refused(qwen.path)).to.include("which names a place outside it");
    });

  it("refuses an index that lists nothing, or no files", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    for (const map of [{}, [], { x: 1 }, null]) {
      await change(join(qwen.path, index), (content) => {
        content.weight_map = map;
      });
      expect(await refused(qwen.path)).to.include("a list of tensors and their files");
    }
    await writeFile(join(qwen.path, index), "{");
    expect(await refused(qwen.path))
      .to.include(index)
      .and.to.include("it is not JSON");
  });

  it("follows links to the blobs of Python's cache, and none to other places", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    await using cache = await temporary();
    const repository = join(cache.path, "models--some--one");
    const [snapshot, blobs] = [join(repository, "snapshots", "abc"), join(repository, "blobs")];
    await mkdir(snapshot, { recursive: true });
    await mkdir(blobs);
    for (const name of [index, second, "model-00001-of-00002.safetensors"]) {
      await cp(join(qwen.path, name), join(blobs, name));
      await symlink(join("..", "..", "blobs", name), join(snapshot, name));
    }
    expect((await read(snapshot)).size).to.equal((await read(qwen.path)).size);

    await rm(join(qwen.path, second));
    await symlink(join(blobs, second), join(qwen.path, second));
    expect(await refused(qwen.path)).to.include("is a link to another place");
  });

  it("says where there are no weights, or no folder", async () => {
    await using folder = await temporary();
    expect(await refused(folder.path)).to.include("neither a model*.safetensors nor a pytorch_model*.bin");
    const nowhere = await failure(CheckpointFolder.open(join(folder.path, "nowhere")));
    expect(nowhere.code).to.equal("ERR_MODEL_NOT_FOUND");
    expect(nowhere.message).to.include("nothing is there");
    await writeFile(join(folder.path, "file"), "");
    expect((await failure(CheckpointFolder.open(join(folder.path, "file")))).message).to.include(
      "it is a file",
    );
  });

  it("refuses a folder in place of a part", async () => {
    await using qwen = await copyOf("qwen2.5-vl");
    await rm(join(qwen.path, second));
    await mkdir(join(qwen.path, second));
    expect(await refused(qwen.path)).to.include("is a folder, a pipe or a device");
    expect(await readFile(join(qwen.path, "README.md"), "utf8")).to.include("apache-2.0");
  });
});
