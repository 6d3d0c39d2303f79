import { expect } from "chai";
import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeGguf } from "../../../src/importing/gguf/writeGguf.js";
import { openCheckpoint } from "../../../src/importing/openCheckpoint.js";
import {
  fileTypeOf,
  isQuantised,
  type Quantisation,
  quantisation,
} from "../../../src/importing/quantise/quantisations.js";
import { quantise } from "../../../src/importing/quantise/quantise.js";
import { nativeAddon } from "../../../src/native/load.js";
import { checkpoints, failure, temporary } from "../support.js";

describe("quantise", () => {
  let folder: Awaited<ReturnType<typeof temporary>>;
  let input: string;
  let output: string;

  beforeEach(async () => {
    folder = await temporary();
    [input, output] = [join(folder.path, "full.gguf"), join(folder.path, "small.gguf")];
    const checkpoint = await openCheckpoint(join(checkpoints, "qwen2.5-vl"));
    await writeGguf((await checkpoint.family.plan(checkpoint, {})).text, input);
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it("writes the same as llama.cpp does in this process", async () => {
    await quantise(input, output, "Q8_0");
    const here = join(folder.path, "here.gguf");
    await nativeAddon().quantise({ input, output: here, type: 7, threads: 1, buffer: 1 << 20 });
    expect((await readFile(output)).equals(await readFile(here))).to.equal(true);
    expect((await stat(output)).size).to.be.lessThan((await stat(input)).size);
  });

  it("knows every quantisation that it lists", async () => {
    for (const name of (quantisation.names ?? []) as Quantisation[]) {
      if (!isQuantised(name)) continue;
      await nativeAddon().quantise({ input, output, type: fileTypeOf(name), threads: 1, buffer: 1 << 20 });
      expect((await stat(output)).size, name).to.be.lessThan((await stat(input)).size);
    }
  });

  it("refuses what is no language model before llama.cpp reads it", async () => {
    await truncate(input, (await stat(input)).size - 1000);
    const short = await failure(quantise(input, output, "Q8_0"));
    expect(short.code).to.equal("ERR_MODEL_INVALID");
    expect(short.message).to.include(input).and.to.include("cut short");
    await writeFile(input, "no model");
    expect((await failure(quantise(input, output, "Q8_0"))).code).to.equal("ERR_MODEL_INVALID");
    expect((await failure(quantise(join(folder.path, "nowhere"), output, "Q8_0"))).code).to.equal(
      "ERR_MODEL_NOT_FOUND",
    );
  });

  it("says what cannot be written", async () => {
    const { code, message } = await failure(
      quantise(input, join(folder.path, "nowhere", "small.gguf"), "Q8_0"),
    );
    expect(code).to.equal("ERR_OUTPUT");
    expect(message).to.include("Cannot write to").and.to.include("nowhere");
  });

  it("ends with the signal, and tells of a process that ends by itself", async () => {
    expect((await failure(quantise(input, output, "Q8_0", { signal: AbortSignal.abort() }))).code).to.equal(
      "ERR_ABORTED",
    );
    const file = join(folder.path, "crash.mjs");
    await writeFile(file, "process.on('message', () => process.abort());");
    const { code, message } = await failure(
      quantise(input, output, "Q8_0", { program: new URL(`file://${file}`) }),
    );
    expect(code).to.equal("ERR_ENGINE_CRASHED");
    expect(message).to.include("SIGABRT");
  });
});
