import { expect } from "chai";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importModel, type ImportOptions } from "../../src/importing/importModel.js";
import { findImported, importedFiles, listImported, readImported } from "../../src/models/imported.js";
import { WorkFolder } from "../../src/importing/workFolder.js";
import { hashFile } from "../../src/util/hashFile.js";
import { writeCheckpoint } from "../reference/mplug-owl2/checkpoint.js";
import { shape } from "./families/owl2Checkpoint.js";
import { checkpoints, copyOf, failure, temporary } from "./support.js";

describe("importModel", () => {
  const options = (target: string, more: Partial<ImportOptions> = {}): ImportOptions => ({
    folder: join(checkpoints, "qwen2.5-vl"),
    target,
    quantisation: "Q8_0",
    check: () => Promise.resolve(),
    ...more,
  });

  it("writes two files and what is known of them, and nothing else", async () => {
    await using home = await temporary();
    const target = join(home.path, "qwen2.5-vl");
    let checked: unknown;
    const made = await importModel(
      options(target, {
        source: "some/repository",
        preset: "qalign",
        check: async (files) => {
          checked = files;
          expect(await readdir(home.path)).to.deep.equal(["qwen2.5-vl.importing"]);
        },
      }),
    );
    expect((await readdir(target)).sort()).to.deep.equal(
      ["mmproj-qwen2.5-vl-F16.gguf", "qwen2.5-vl-Q8_0.gguf", "tonescore.json"].sort(),
    );
    expect(await readdir(home.path)).to.deep.equal(["qwen2.5-vl"]);
    expect(made).to.include({
      name: "qwen2.5-vl",
      family: "Qwen2.5-VL",
      licence: "apache-2.0",
      preset: "qalign",
    });
    expect(made.model.sha256).to.equal(await hashFile(join(target, made.model.file)));
    expect(checked).to.have.keys("model", "mmproj");
    expect(await readImported(target)).to.deep.equal(made);
    expect(await listImported(home.path)).to.deep.equal([made]);
    expect(await findImported("qwen2.5-vl", home.path)).to.deep.equal(made);
    expect(importedFiles(made, home.path)).to.deep.equal({
      model: join(target, made.model.file),
      mmproj: join(target, made.mmproj.file),
    });
    expect(await findImported("other", home.path)).to.equal(undefined);
  });

  it("keeps 16 bits where they are asked for", async () => {
    await using home = await temporary();
    const target = join(home.path, "model");
    await importModel(options(target, { quantisation: "F16" }));
    expect(await readdir(target)).to.include("qwen2.5-vl-F16.gguf");
  });

  it("names a template where the checkpoint brings none", async () => {
    await using home = await temporary();
    await using llava = await copyOf("llava-1.5");
    await rm(join(llava.path, "chat_template.jinja"));
    let asked: string | undefined;
    const check = (_: unknown, template: string | undefined): Promise<void> => {
      asked = template;
      return Promise.resolve();
    };
    const made = await importModel(options(join(home.path, "m"), { folder: llava.path, check }));
    expect(asked).to.equal("vicuna");
    expect(made.template).to.equal("vicuna");
  });

  it("writes over nothing, and takes a folder that is empty", async () => {
    await using home = await temporary();
    const target = join(home.path, "mine");
    await mkdir(target);
    await writeFile(join(target, "photo.jpg"), "mine");
    const { code, message } = await failure(importModel(options(target)));
    expect(code).to.equal("ERR_OUTPUT");
    expect(message).to.include(`"${target}" is there already, and stays as it is`);
    expect(await readFile(join(target, "photo.jpg"), "utf8")).to.equal("mine");
    expect(await readdir(home.path)).to.deep.equal(["mine"]);
    await writeFile(join(home.path, "file"), "mine");
    expect((await failure(importModel(options(join(home.path, "file"))))).code).to.equal("ERR_OUTPUT");

    await mkdir(join(home.path, "empty"));
    await importModel(options(join(home.path, "empty")));
    expect(await readdir(join(home.path, "empty"))).to.include("tonescore.json");
  });

  it("leaves a folder alone that only has the name of one that is under way", async () => {
    await using home = await temporary();
    const target = join(home.path, "model");
    await mkdir(`${target}.importing`);
    await writeFile(join(`${target}.importing`, "thesis.txt"), "mine");
    expect((await failure(importModel(options(target)))).message).to.include("stays as it is");
    expect(await readdir(`${target}.importing`)).to.deep.equal(["thesis.txt"]);
  });

  it("is stopped, goes on, and has written the same", async () => {
    await using home = await temporary();
    await importModel(options(join(home.path, "whole")));
    const target = join(home.path, "cut");
    for (const phase of ["picture encoder", "language model", "quantising", "hashing"]) {
      const controller = new AbortController();
      const onProgress = (what: string): void => {
        if (what.includes(phase)) controller.abort();
      };
      const job = importModel(options(target, { signal: controller.signal, onProgress }));
      if (phase !== "quantising") expect((await failure(job)).code, phase).to.equal("ERR_ABORTED");
      else await job.catch(() => undefined); // so small a model may be done before it is looked at
      if ((await readdir(home.path)).includes("cut")) break;
      expect(await readdir(home.path)).to.include("cut.importing");
      expect(await readdir(`${target}.importing`)).to.not.include("import.lock");
    }
    if (!(await readdir(home.path)).includes("cut")) await importModel(options(target));
    for (const file of ["qwen2.5-vl-Q8_0.gguf", "mmproj-qwen2.5-vl-F16.gguf"]) {
      expect(await hashFile(join(target, file))).to.equal(await hashFile(join(home.path, "whole", file)));
    }
  });

  it("goes on with an mmproj whose types are the language model's, which is not written again", async () => {
    await using home = await temporary();
    const folder = join(home.path, "owl");
    await writeCheckpoint(folder, { shape });
    const whole = await importModel(options(join(home.path, "whole"), { folder }));
    const target = join(home.path, "cut");
    const controller = new AbortController();
    const stop = (what: string): void => {
      if (what.includes("picture encoder")) controller.abort();
    };
    const job = importModel(options(target, { folder, signal: controller.signal, onProgress: stop }));
    expect((await failure(job)).code).to.equal("ERR_ABORTED");
    const phases = new Set<string>();
    const made = await importModel(options(target, { folder, onProgress: (what) => phases.add(what) }));
    expect([...phases].join())
      .to.include("writing the picture encoder")
      .and.to.not.include("language");
    expect([made.model, made.mmproj]).to.deep.equal([whole.model, whole.mmproj]);
    expect(made.mmproj.file).to.equal("mmproj-owl-Q8_0.gguf");
    expect((await readdir(target)).sort()).to.deep.equal((await readdir(join(home.path, "whole"))).sort());
  });

  it("makes no model of what fails its check, and needs not write it again", async () => {
    await using home = await temporary();
    const target = join(home.path, "model");
    const check = (): Promise<void> => Promise.reject(new Error("no answer"));
    await importModel(options(target, { check })).then(
      () => expect.fail("expected an error"),
      (error: unknown) => {
        expect(error).to.have.property("message", "no answer");
      },
    );
    expect(await readdir(home.path)).to.deep.equal(["model.importing"]);
    const phases: string[] = [];
    await importModel(options(target, { onProgress: (what) => phases.push(what) }));
    expect(phases.some((what) => what.includes("writing") || what.includes("quantising"))).to.equal(false);
    expect(await readdir(home.path)).to.deep.equal(["model"]);
  });

  it("refuses a second import to the same place, and takes over from one that is gone", async () => {
    await using home = await temporary();
    const target = join(home.path, "model");
    let second: Promise<unknown> | undefined;
    await importModel(
      options(target, {
        check: async () => {
          second = failure(importModel(options(target)));
          const { code, message } = (await second) as { code: string; message: string };
          expect(code).to.equal("ERR_OUTPUT");
          expect(message).to.include(`process ${process.pid}`);
        },
      }),
    );
    expect(second).to.not.equal(undefined);
    const other = join(home.path, "other");
    await mkdir(`${other}.importing`);
    await writeFile(join(`${other}.importing`, "import.lock"), "999999999");
    await importModel(options(other));
  });

  it("says how much room there is where the disk has too little", async () => {
    await using home = await temporary();
    await using work = await WorkFolder.open(join(home.path, "model"));
    const { code, message } = await failure(work.checkRoom(1e18));
    expect(code).to.equal("ERR_OUTPUT");
    expect(message).to.include("Expected 1.00e+6 TB").and.to.include("are free").and.to.include("--out");
  });

  it("refuses a manifest that says where files are not", async () => {
    await using home = await temporary();
    const target = join(home.path, "model");
    const made = await importModel(options(target));
    for (const file of ["../x.gguf", "/x.gguf", "x.txt"]) {
      const other = { ...made, model: { ...made.model, file } };
      await writeFile(join(target, "tonescore.json"), JSON.stringify(other));
      expect((await failure(readImported(target))).code).to.equal("ERR_MODEL_INVALID");
    }
  });
});
