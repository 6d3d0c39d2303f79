import { expect } from "chai";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ModelNotHere } from "../../src/errors.js";
import { bundledModel } from "../../src/models/bundled.js";
import { findImported, importedFolder, MANIFEST, refuseTakenName } from "../../src/models/imported.js";
import { inventory } from "../../src/models/inventory.js";
import { withPull } from "../../src/models/pull.js";
import { planRemoval } from "../../src/models/remove.js";
import { resolveModel } from "../../src/models/resolve.js";
import { withSuitedPreset } from "../../src/models/suitedPreset.js";
import { filesToVerify, isIntact } from "../../src/models/verify.js";
import { content, emptyHome, failureOf, HubServer, impatient, removeHome, sha256 } from "../hub/hubServer.js";

const REPOSITORY = "owner/tiny-GGUF";
const model = content(5000);
const mmproj = content(3000, 2);

describe("models by name", () => {
  let server: HubServer;
  let home: string;
  let folder: string;
  let working: string;

  beforeEach(async () => {
    server = await HubServer.open();
    server.serve(REPOSITORY, {
      "tiny-Q8_0.gguf": model,
      "tiny-f16.gguf": content(9000),
      "mmproj-tiny-f16.gguf": mmproj,
    });
    home = await emptyHome();
    folder = await emptyHome();
    working = process.cwd();
    process.chdir(folder);
    process.env.HF_HOME = home;
    process.env.HF_ENDPOINT = server.url;
    process.env.XDG_DATA_HOME = join(home, "data");
  });
  afterEach(async () => {
    process.chdir(working);
    delete process.env.HF_HOME;
    delete process.env.HF_ENDPOINT;
    delete process.env.HF_HUB_OFFLINE;
    delete process.env.XDG_DATA_HOME;
    await server[Symbol.asyncDispose]();
    await removeHome(home);
    await removeHome(folder);
  });

  const pull = (name: string): Promise<unknown> =>
    withPull(name, (plan) => plan.run(), { timing: impatient });
  const put = async (path: string, text = "x"): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const refusal = async (name: string): Promise<string> => {
    const { code, message } = await failureOf(resolveModel(name));
    expect(code).to.equal("ERR_MODEL_NOT_FOUND");
    return message;
  };

  it("downloads a quantisation with its mmproj, and finds them again without any server", async () => {
    const name = `hf:${REPOSITORY}:Q8_0`;
    const error = await failureOf(resolveModel(name));
    expect(error).to.be.instanceOf(ModelNotHere);
    expect(error.message).to.include(`Run: tonescore models pull ${name}`);
    expect(server.asked).to.deep.equal([]);
    await pull(name);
    await server[Symbol.asyncDispose]();
    process.env.HF_HUB_OFFLINE = "1";
    for (const same of [
      name,
      `hf:${REPOSITORY}`,
      `hf:${REPOSITORY}/tiny-Q8_0.gguf`,
      `${REPOSITORY}/tiny-Q8_0.gguf`,
    ]) {
      const files = await resolveModel(same);
      expect(await readFile(files.model), same).to.deep.equal(model);
      expect(await readFile(files.mmproj), same).to.deep.equal(mmproj);
    }
    expect(await failureOf(resolveModel(`hf:${REPOSITORY}:f16`))).to.be.instanceOf(ModelNotHere);
  });

  it("says what a download would take before it begins", async () => {
    const plan = await withPull(`hf:${REPOSITORY}:Q8_0`, (found) => Promise.resolve(found), {
      timing: impatient,
    });
    expect(plan).to.include({ bytes: 8000, missing: 8000, repository: REPOSITORY, licence: undefined });
    expect(server.asked).to.have.lengthOf(1);
    await pull(`hf:${REPOSITORY}:Q8_0`);
    const again = await withPull(`hf:${REPOSITORY}:f16`, (found) => Promise.resolve(found), {
      timing: impatient,
    });
    expect(again).to.include({ bytes: 12000, missing: 9000 });
  });

  it("refuses files that are not those that the catalogue knows, and downloads none", async () => {
    server.serve("ggml-org/SmolVLM-256M-Instruct-GGUF", {
      "SmolVLM-256M-Instruct-Q8_0.gguf": model,
      "mmproj-SmolVLM-256M-Instruct-Q8_0.gguf": mmproj,
    });
    const { code, message } = await failureOf(pull("smolvlm-256m"));
    expect(code).to.equal("ERR_DOWNLOAD");
    expect(message).to.include("is another file now than the one that the catalogue knows");
    expect(message).to.include("hf:ggml-org/SmolVLM-256M-Instruct-GGUF/SmolVLM-256M-Instruct-Q8_0.gguf");
    expect(server.asked).to.have.lengthOf(1);
    server.serve("ggml-org/gemma-3-4b-it-GGUF", { "gemma-3-4b-it-Q4_K_M.gguf": model });
    expect((await failureOf(pull("gemma-3-4b"))).message).to.include(
      '"mmproj-model-f16.gguf" in the repository',
    );
  });

  it("goes by the user's name and not by the folder that they stand in", async () => {
    await put("smolvlm-500m/a.gguf");
    await put("smolvlm-500m/mmproj-a.gguf");
    expect(await failureOf(resolveModel("smolvlm-500m"))).to.be.instanceOf(ModelNotHere);
    expect((await resolveModel("./smolvlm-500m")).model).to.equal("smolvlm-500m/a.gguf");
    await put("tonescore-3/a.gguf");
    expect(await resolveModel("tonescore-3")).to.deep.equal(bundledModel);
    await put("mine/a.gguf");
    await put("mine/mmproj-a.gguf");
    expect((await resolveModel("mine")).model).to.equal("mine/a.gguf");
  });

  it("asks which is meant where a path is a file here and one in the cache", async () => {
    const path = `${REPOSITORY}/tiny-Q8_0.gguf`;
    expect(await refusal(path)).to.include(
      `nothing is there. If a file of the repository ${REPOSITORY} is meant`,
    );
    await put(path);
    await put(`${REPOSITORY}/mmproj-tiny-f16.gguf`);
    expect((await resolveModel(path)).model).to.equal(path);
    await pull(`hf:${path}`);
    expect(await refusal(path)).to.include(`Say ./${path} or hf:${path}.`);
    expect((await resolveModel(`./${path}`)).model).to.equal(`./${path}`);
    expect((await resolveModel(`hf:${path}`)).model).to.include(home);
  });

  it("names the nearest names, and how a checkpoint is had", async () => {
    expect(await refusal("smolvlm-500")).to.include('(did you mean "smolvlm-500m"?)');
    expect(await refusal("q-realign-mini")).to.include("models import q-realign-mini");
    expect(await refusal("https://huggingface.co/a/b")).to.include("hf:owner/repository:quantisation");
    for (const wrong of [
      "hf:",
      "hf:a",
      "hf:../b:Q8_0",
      "hf:a/b/../c.gguf",
      "hf:a/b/c.bin",
      "hf:a/b:../x",
      "hf:a/b:Q8_0:x",
    ]) {
      expect(await refusal(wrong), wrong).to.include("hf:owner/repository");
    }
    expect(server.asked).to.deep.equal([]);
  });

  it("downloads only what can be", async () => {
    await put("mine/a.gguf");
    for (const [name, message] of [
      ["tonescore-3", "came with tonescore"],
      ["q-realign-mini", "models import"],
      ["mine", "the path of a file or folder"],
      ["nothing-like-it", "there is no"],
    ] as const) {
      const error = await failureOf(pull(name));
      expect(error.code).to.equal("ERR_MODEL_NOT_FOUND");
      expect(error.message, name).to.include(message);
    }
    expect((await failureOf(pull("hf:owner/absent:Q8_0"))).message).to.include("there is none of that name");
    expect((await failureOf(pull(`hf:${REPOSITORY}:Q2_K`))).message).to.include("There are: Q8_0, f16.");
  });

  /** Puts an import where it belongs, whatever its manifest says. */
  async function place(name: string, more: object = {}): Promise<string> {
    const own = join(importedFolder(), name);
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "q.gguf"), model);
    await writeFile(join(own, "mmproj-q.gguf"), mmproj);
    const file = (file: string, bytes: Buffer) => ({ file, bytes: bytes.length, sha256: sha256(bytes) });
    const files = { model: file("q.gguf", model), mmproj: file("mmproj-q.gguf", mmproj) };
    const said = { version: 1, name, family: "Qwen3.5", source: "q-future/x", quantisation: "Q8_0" };
    await writeFile(join(own, MANIFEST), JSON.stringify({ ...said, ...files, ...more }));
    return own;
  }

  it("finds what was imported, which takes no name of the catalogue's ready models", async () => {
    for (const name of ["q-realign-mini", "smolvlm-500m"]) await place(name);
    await place("mine", { preset: "qbench", template: "vicuna", licence: "mit" });
    expect(await readFile((await resolveModel("q-realign-mini")).model)).to.deep.equal(model);
    expect((await resolveModel("mine")).template).to.equal("vicuna");
    expect(await failureOf(resolveModel("smolvlm-500m"))).to.be.instanceOf(ModelNotHere);
    expect((await failureOf(refuseTakenName("smolvlm-500m"))).message).to.include(
      "a name that the catalogue does not have",
    );
    await refuseTakenName("q-realign-mini");
    expect((await failureOf(pull("mine"))).message).to.include('"mine" was imported, and is here');
    const here = (await inventory()).filter((listed) => listed.here === "imported");
    expect(here.map(({ name, preset, bytes, title }) => [name, preset, bytes, title])).to.deep.equal([
      ["q-realign-mini", "qrealign", 8000, "imported from q-future/x"],
      ["mine", "qbench", 8000, "imported from q-future/x"],
    ]);
  });

  it("verifies an import, and removes its own files alone", async () => {
    const own = await place("mine");
    await writeFile(join(own, "notes.txt"), "a person's");
    const intact = async (): Promise<unknown> => Promise.all((await filesToVerify("mine")).map(isIntact));
    expect(await intact()).to.deep.equal([true, true]);
    await writeFile(join(own, "q.gguf"), content(5000, 9));
    expect(await intact()).to.deep.equal([false, true]);
    await place("other");
    await (await planRemoval("mine")).run();
    expect(await readdir(own)).to.deep.equal(["notes.txt"]);
    expect(await findImported("mine")).to.equal(undefined);
    await (await planRemoval("other")).run();
    expect(await readdir(importedFolder())).to.deep.equal(["mine"]);
  });

  it("believes no manifest that names files elsewhere, and lists the others", async () => {
    await place("good");
    await place("moved", { name: "another" });
    const good = { file: "a.gguf", bytes: 1, sha256: "a".repeat(64) };
    for (const more of [
      ...["../../x.gguf", "/etc/passwd", "a/b.gguf", 5].map((file) => ({ model: { ...good, file } })),
      { preset: "./evil.json" },
      { template: "/etc/x.jinja" },
    ]) {
      await place("evil", more);
      const { code, message } = await failureOf(resolveModel("evil"));
      expect(code).to.equal("ERR_MODEL_INVALID");
      expect(message).to.include("Remove that folder");
      const here = (await inventory()).filter((listed) => listed.here === "imported");
      expect(here.map(({ name }) => name)).to.deep.equal(["good"]);
    }
    expect(await findImported("moved")).to.equal(undefined);
  });

  it("lists what was downloaded by its repository", async () => {
    await pull(`hf:${REPOSITORY}:Q8_0`);
    const listed = (await inventory()).filter(({ here }) => here === "downloaded");
    expect(listed.map(({ name, bytes }) => [name, bytes])).to.deep.equal([
      [`hf:${REPOSITORY}/tiny-Q8_0.gguf`, 8000],
    ]);
  });

  it("sees a damaged file", async () => {
    const name = `hf:${REPOSITORY}:Q8_0`;
    await pull(name);
    const intact = async (): Promise<unknown> => Promise.all((await filesToVerify(name)).map(isIntact));
    expect(await intact()).to.deep.equal([true, true]);
    await writeFile((await resolveModel(name)).mmproj, content(3000, 7));
    expect(await intact()).to.deep.equal([true, false]);
    expect((await failureOf(filesToVerify("smolvlm-500m"))).message).to.include("is not here");
  });

  it("removes what it has downloaded, and nothing of another tool's", async () => {
    const name = `hf:${REPOSITORY}:Q8_0`;
    await pull(name);
    await rm(join(home, "assets", "tonescore", "downloaded", ...REPOSITORY.split("/"), sha256(mmproj)));
    const removal = await planRemoval(name);
    expect(removal.bytes).to.equal(5000);
    expect(removal.foreign).to.have.lengthOf(1);
    const [foreign = ""] = removal.foreign;
    await removal.run();
    expect(await readFile(foreign)).to.deep.equal(mmproj);
    expect(await failureOf(resolveModel(name))).to.be.instanceOf(ModelNotHere);
    await pull(name);
    await rm(foreign);
    await pull(name);
    await (await planRemoval(name)).run();
    for (const own of ["tonescore-3", "smolvlm-500m", "nothing"]) {
      expect((await failureOf(planRemoval(own))).code).to.equal("ERR_MODEL_NOT_FOUND");
    }
  });

  it("leaves no empty folders of a repository behind", async () => {
    const name = `hf:${REPOSITORY}:Q8_0`;
    await pull(name);
    await (await planRemoval(name)).run();
    const { message } = await failureOf(stat(join(home, "hub", "models--owner--tiny-GGUF")));
    expect(message).to.include("ENOENT");
  });

  it("asks what suits a model, where nothing else is said", async () => {
    expect(await withSuitedPreset({ model: "q-realign-mini" })).to.include({ preset: "qrealign" });
    await place("mine", { preset: "qbench" });
    expect(await withSuitedPreset({ model: "mine" })).to.include({ preset: "qbench" });
    const ofVideos = { preset: "qalign-owl2", videoPreset: "qalign-owl2-video" } as const;
    expect(await withSuitedPreset({ model: "one-align" })).to.include(ofVideos);
    await place("ours", ofVideos);
    expect(await withSuitedPreset({ model: "ours" })).to.include(ofVideos);
    const said = { model: "one-align", videoPreset: "qbench" };
    expect(await withSuitedPreset(said)).to.include({ preset: "qalign-owl2", videoPreset: "qbench" });
    for (const said of [
      {},
      { model: "smolvlm-500m" },
      { model: "./q-realign-mini" },
      { model: "q-instruct", preset: "qbench" },
    ]) {
      expect(await withSuitedPreset(said)).to.equal(said);
    }
  });
});
