import { expect } from "chai";
import { open, readdir, readFile, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeGguf } from "../../../src/importing/gguf/writeGguf.js";
import { Metadata } from "../../../src/importing/gguf/metadata.js";
import type { GgufPlan } from "../../../src/importing/gguf/layout.js";
import { openCheckpoint } from "../../../src/importing/openCheckpoint.js";
import { copyOf, failure, temporary } from "../support.js";

async function planOf(path: string): Promise<GgufPlan> {
  const checkpoint = await openCheckpoint(path, "model");
  const { text, mmproj } = await checkpoint.family.plan(checkpoint, {});
  // Both in one, so that the tensors come from two shards.
  return { metadata: text.metadata, tensors: [...text.tensors, ...mmproj.tensors] };
}

/** Stops a run when it has written so much. */
function stopAt(bytes: number): { signal: AbortSignal; onBytes: (done: number) => void } {
  const controller = new AbortController();
  const onBytes = (done: number): void => {
    if (done >= bytes) controller.abort();
  };
  return { signal: controller.signal, onBytes };
}

describe("writeGguf", () => {
  it("goes on at the shard where it was cut, and writes the same", async () => {
    await using model = await copyOf("qwen2.5-vl");
    await using folder = await temporary();
    const plan = await planOf(model.path);
    const [whole, path] = [join(folder.path, "whole.gguf"), join(folder.path, "cut.gguf")];
    await writeGguf(plan, whole);
    const size = (await stat(whole)).size;

    const { code } = await failure(writeGguf(plan, path, stopAt(0.9 * size)));
    expect(code).to.equal("ERR_ABORTED");
    expect(await readdir(folder.path)).to.not.include("cut.gguf");
    const written: number[] = [];
    await writeGguf(plan, path, { onBytes: (done) => written.push(done) });
    expect(written[0]).to.be.greaterThan(0.5 * size);
    expect((await readFile(path)).equals(await readFile(whole))).to.equal(true);

    written.length = 0;
    await writeGguf(plan, path, { onBytes: (done) => written.push(done) });
    expect(written, "what is whole is left").to.deep.equal([]);
  });

  it("begins anew where the checkpoint, or what is left of the file, is another", async () => {
    await using model = await copyOf("qwen2.5-vl");
    await using folder = await temporary();
    const path = join(folder.path, "cut.gguf");
    const plan = await planOf(model.path);
    await failure(writeGguf(plan, path, stopAt(450_000)));
    const written: number[] = [];
    const onBytes = (done: number): unknown => written.push(done);
    await utimes(join(model.path, "model-00001-of-00002.safetensors"), 1, 1);
    await writeGguf(plan, path, { onBytes });
    expect(written[0]).to.be.lessThan(200_000);

    await failure(writeGguf(plan, join(folder.path, "lost.gguf"), stopAt(450_000)));
    await truncate(join(folder.path, "lost.gguf.part"), 1000);
    written.length = 0;
    await writeGguf(plan, join(folder.path, "lost.gguf"), { onBytes });
    expect(written[0]).to.be.lessThan(200_000);
  });

  it("says that the disk is full, and leaves nothing that has the name", async () => {
    await using model = await copyOf("qwen2.5-vl");
    await using folder = await temporary();
    const path = join(folder.path, "model.gguf");
    const handle = await open(join(folder.path, "probe"), "w");
    const kind = Object.getPrototypeOf(handle) as { write: unknown };
    await handle.close();
    const { write } = kind;
    kind.write = () => Promise.reject(Object.assign(new Error("no space left"), { code: "ENOSPC" }));
    try {
      const { code, message } = await failure(writeGguf(await planOf(model.path), path));
      expect(code).to.equal("ERR_OUTPUT");
      expect(message).to.equal(`Cannot write to ${path}.part: the disk is full.`);
    } finally {
      kind.write = write;
    }
    expect(await readdir(folder.path)).to.not.include("model.gguf");
  });

  it("says that a part of the checkpoint has become shorter", async () => {
    await using model = await copyOf("qwen2.5-vl");
    await using folder = await temporary();
    const plan = await planOf(model.path);
    await writeFile(join(model.path, "model-00001-of-00002.safetensors"), "");
    const { code, message } = await failure(writeGguf(plan, join(folder.path, "model.gguf")));
    expect(code).to.equal("ERR_MODEL_INVALID");
    expect(message).to.include("the file ends before");
  });
});

describe("Metadata", () => {
  it("leaves out an empty list, which has no type", () => {
    expect(new Metadata().wholes("a", []).texts("b", []).encode().length).to.equal(0);
  });
});
