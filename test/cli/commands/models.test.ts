import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { bundledModel } from "../../../src/models/bundled.js";
import { fitsHere } from "../../../src/models/fitsHere.js";
import type { Listed } from "../../../src/models/inventory.js";
import { resolveModel } from "../../../src/models/resolve.js";
import { showModels } from "../../../src/cli/commands/models/list.js";
import type { Dependencies } from "../../../src/cli/terminal/io.js";
import { emptyHome, HubServer, removeHome } from "../../hub/hubServer.js";
import { cli, type FakeIo, fakeIo, FakeScorer, FakeStream, folderWith, type Ran } from "../fakes.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Of which the catalogue has no sizes and hashes, so that other files can stand for it. */
const NAME = "qwen3-vl-2b";
const REPOSITORY = "Qwen/Qwen3-VL-2B-Instruct-GGUF";

describe("cli: models", () => {
  let server: HubServer;
  let home: string;

  beforeEach(async () => {
    server = await HubServer.open();
    server.serve(REPOSITORY, {
      "Qwen3VL-2B-Instruct-Q4_K_M.gguf": readFileSync(bundledModel.model),
      "mmproj-Qwen3VL-2B-Instruct-Q8_0.gguf": readFileSync(bundledModel.mmproj),
    });
    home = await emptyHome();
    process.env.HF_HOME = home;
    process.env.HF_ENDPOINT = server.url;
  });
  afterEach(async () => {
    delete process.env.HF_HOME;
    delete process.env.HF_ENDPOINT;
    await server[Symbol.asyncDispose]();
    await removeHome(home);
  });

  const models = (...argv: string[]): Promise<Ran> => cli(["models", ...argv]);
  const downloads = (): number => server.asked.filter((each) => each.includes("/resolve/")).length;

  /** A terminal at which someone answers. */
  function sitting(answer: string): FakeIo & { readonly questions: string[] } {
    const questions: string[] = [];
    const io = fakeIo(new FakeStream(), new FakeStream(100));
    const ask = (question: string): Promise<string> => {
      questions.push(question);
      return Promise.resolve(answer);
    };
    return { ...io, ask, questions };
  }

  /** A scorer that wants the model's files. */
  const withFiles = {
    createScorer: async ({ model }: { readonly model?: string }) => new FakeScorer(await resolveModel(model)),
  };

  it("lists names, sizes, presets and licences, and what is here", async () => {
    const { code, out } = await models();
    expect(code).to.equal(0);
    expect(out).to.match(/^✓ tonescore-3 +7\.38 MB +yes +qboost +tonescore 3.* +MIT$/m);
    expect(out).to.match(/^· smolvlm-500m +546 MB +yes +qboost +SmolVLM 500M.* +Apache-2\.0$/m);
    expect(out).to.match(/^· q-realign-mini +– +– +qrealign .*\(import\) +Apache-2\.0$/m);
    expect(out).to.include("✓ 1 here");
    expect((await models("list")).out).to.equal(out);
    expect(server.asked).to.deep.equal([]);
  });

  it("says what there is memory for", async () => {
    const fits = (model: Listed): Promise<string | undefined> => fitsHere(model, 2e9);
    const io = fakeIo();
    await showModels([], {}, io, fits);
    expect(io.stdout.text).to.match(/^ {2}name +size +fits +preset/m);
    expect(io.stdout.text).to.match(/^· smolvlm-500m +546 MB +yes +qboost/m);
    expect(io.stdout.text).to.match(/^· qwen2.5-vl-7b +5.54 GB +no: 6.39 GB +qboost/m);
    expect(io.stdout.text).to.match(/^· q-realign-mini +– +– +qrealign/m);
    const json = fakeIo();
    await showModels(["qwen2.5-vl-7b"], { json: true }, json, fits);
    expect(JSON.parse(json.stdout.text)).to.include({ fits: "no: 6.39 GB" });
  });

  it("tells of one, to people and to programs", async () => {
    const { out } = await models(NAME);
    expect(out).to.include("measured nothing, on its real weights").and.include(`from     ${REPOSITORY}`);
    const document = JSON.parse((await models("--json")).out) as { models: { name: string; here: string }[] };
    expect(document.models[0]).to.include({
      name: "tonescore-3",
      here: "bundled",
      measured: "models/README.md",
    });
    expect(JSON.parse((await models(NAME, "--json")).out)).to.include({ here: "no", repository: REPOSITORY });
  });

  it("pulls, shows where it is, verifies and removes", async () => {
    const pulled = await models("pull", NAME);
    expect(pulled.err).to.include(
      `downloading ${NAME}: 7.38 MB, from ${new URL(server.url).host}/${REPOSITORY}`,
    );
    expect(pulled.code).to.equal(0);
    expect(pulled.out).to.equal("");
    expect((await models()).out).to.match(/^✓ qwen3-vl-2b +7\.38 MB/m);
    const [model = "", mmproj = ""] = (await models("path", NAME)).out.trimEnd().split("\n");
    expect(readFileSync(model)).to.deep.equal(readFileSync(bundledModel.model));
    expect(existsSync(mmproj)).to.equal(true);
    expect(JSON.parse((await models("path", NAME, "--json")).out)).to.deep.equal({
      name: NAME,
      model,
      mmproj,
    });
    expect(JSON.parse((await models("pull", NAME, "--json", "-q")).out)).to.deep.equal({
      name: NAME,
      model,
      mmproj,
    });
    expect((await models("verify")).code).to.equal(0);
    await writeFile(mmproj, "damaged");
    const verified = await models("verify", NAME);
    expect(verified.code).to.equal(1);
    expect(verified.out).to.include(`✗ damaged  ${NAME}  ${mmproj}`);
    expect(verified.err).to.include(`tonescore models remove ${NAME}, then pull or import it again`);
    const refused = await models("remove", NAME);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.include(`Run: tonescore models remove ${NAME} --yes`);
    expect((await models("remove", NAME, "--yes")).code).to.equal(0);
    expect((await models()).out).to.include("✓ 1 here");
    expect(await readdir(join(home, "hub"))).to.deep.equal([".locks"]);
  });

  it("asks before it removes", async () => {
    await models("pull", NAME);
    for (const answer of ["", "no"]) {
      const io = sitting(answer);
      await cli(["models", "remove", NAME], { io });
      expect(io.questions).to.deep.equal([`tonescore: Delete ${NAME} (7.38 MB)? [y/N] `]);
      expect(io.stderr.text).to.include("nothing was deleted");
    }
    expect((await models("path", NAME)).code).to.equal(0);
    await cli(["models", "remove", NAME], { io: sitting("y") });
    expect((await models("path", NAME)).code).to.equal(3);
  });

  it("asks once before a run downloads, and scores with what came", async () => {
    await using folder = await folderWith("0.8.jpg");
    const io = sitting("y");
    const ran = await cli([folder.path, "-m", NAME], { io, ...withFiles });
    const { host } = new URL(server.url);
    expect(io.questions).to.deep.equal([
      `tonescore: The model is not here. Download ${NAME} (7.38 MB, licence Apache-2.0) from ${host}/${REPOSITORY}? [y/N] `,
    ]);
    expect(ran.code).to.equal(0);
    expect(ran.out).to.include('"score":0.8');
    await cli([folder.path, "-m", NAME], { io, ...withFiles });
    expect(io.questions).to.have.lengthOf(1);
  });

  it("asks a model what suits it, where no preset is given", async () => {
    await using folder = await folderWith("0.8.jpg");
    await writeFile(folder.file("list.csv"), "path,mos\n0.8.jpg,4\n");
    const list = folder.file("list.csv");
    const asked: string[] = [];
    const createScorer: Dependencies["createScorer"] = (options, [first]) => {
      asked.push(first?.image.name ?? "");
      return Promise.resolve(new FakeScorer(options));
    };
    for (const argv of [
      [folder.file("0.8.jpg"), "-m", "q-realign-mini"],
      [folder.file("0.8.jpg"), "-m", "q-realign-mini", "-p", "sharpness"],
      [folder.file("0.8.jpg"), "-m", "smolvlm-500m"],
      ["evaluate", list, "-m", "q-realign-mini"],
      ["evaluate", list, "-m", "q-realign-mini", "-m", "smolvlm-500m"],
    ]) {
      await cli(argv, { createScorer });
    }
    expect(asked).to.deep.equal(["qrealign", "sharpness", "qboost", "qrealign", "qboost", "qboost"]);
  });

  it("downloads nothing where the answer is no, nor where nobody can be asked", async () => {
    await using folder = await folderWith("0.8.jpg");
    const command = `Run: tonescore models pull ${NAME}`;
    const refused = await cli([folder.path, "-m", NAME], { io: sitting(""), ...withFiles });
    expect(refused.code).to.equal(3);
    expect(refused.err).to.include(command);
    const asked = server.asked.length;
    const piped = await cli([folder.path, "-m", NAME], withFiles);
    expect(piped.code).to.equal(3);
    expect(piped.err).to.include(command);
    expect(server.asked).to.have.lengthOf(asked);
    expect(downloads()).to.equal(0);
  });

  it("says what is wrong in one line, with a code", async () => {
    for (const [argv, message] of [
      [["pull", "smolvlm-500"], 'there is no "smolvlm-500" (did you mean "smolvlm-500m"?)'],
      [["pull", "hf:nobody/nothing:Q8_0"], "there is none of that name"],
      [["pull", `hf:${REPOSITORY}:Q5_K_M`], "There are: Q4_K_M."],
      [["remove", "tonescore-3", "-y"], "came with tonescore"],
      [["path", NAME], `Run: tonescore models pull ${NAME}`],
      [["verify", NAME], "is not here"],
      [["no-such-model"], "Run tonescore models for the names."],
    ] as const) {
      const { code, err, out } = await models(...argv);
      expect(code, argv.join(" ")).to.equal(3);
      expect(err)
        .to.include(message)
        .and.match(/^tonescore: .*\(ERR_\w+\)\n$/);
      expect(out).to.equal("");
    }
  });

  it("says how far a download is on a terminal, and stops in good order", async () => {
    const io = fakeIo(new FakeStream(), new FakeStream(100));
    server.misbehave = ({ url = "" }, response) => {
      if (!url.includes("/resolve/")) return false;
      response.writeHead(200, { "content-length": 2030144 }).write(Buffer.alloc(1_000_000));
      setTimeout(() => {
        io.pressCtrlC();
      }, 400);
      return true;
    };
    const { code } = await cli(["models", "pull", NAME], { io });
    expect(code).to.equal(130);
    expect(io.stderr.text).to.match(/downloading 1\.00 MB of 7\.38 MB/);
    expect(io.stderr.text).to.include("stopped; the same command goes on where it ended");
  });

  it("lets two processes pull one model at once", async () => {
    const start = async (): Promise<{ code: unknown; err: string }> => {
      const argv = ["--import", "tsx", "src/cli/main.ts", "models", "pull", NAME];
      const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
      const exit = once(child, "exit") as Promise<[number | null]>;
      const [[code], err] = await Promise.all([exit, text(child.stderr)]);
      return { code, err };
    };
    const ran = await Promise.all([start(), start()]);
    for (const { code, err } of ran) expect(code, err).to.equal(0);
    expect(downloads()).to.equal(2);
    expect((await models("verify", NAME)).code).to.equal(0);
  });
});
