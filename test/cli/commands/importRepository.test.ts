import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inventory } from "../../../src/models/inventory.js";
import { resolveModel } from "../../../src/models/resolve.js";
import { emptyHome, HubServer, removeHome } from "../../hub/hubServer.js";
import { checkpoints } from "../../importing/support.js";
import { cli, FakeScorer, type Ran } from "../fakes.js";

const REPOSITORY = "owner/tiny";
const CLIP = "openai/clip-vit-large-patch14-336";

/** The files of one of the small checkpoints. */
const filesOf = (name: string, without?: string): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(join(checkpoints, name), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== without)
      .map((entry) => [entry.name, readFileSync(join(checkpoints, name, entry.name))]),
  );

describe("cli: models import, of a repository", () => {
  let server: HubServer;
  let home: string;

  beforeEach(async () => {
    server = await HubServer.open();
    server.serve(REPOSITORY, filesOf("qwen2.5-vl"));
    home = await emptyHome();
    process.env.HF_HOME = home;
    process.env.HF_ENDPOINT = server.url;
    process.env.XDG_DATA_HOME = join(home, "data");
  });
  afterEach(async () => {
    delete process.env.HF_HOME;
    delete process.env.HF_ENDPOINT;
    delete process.env.XDG_DATA_HOME;
    await server[Symbol.asyncDispose]();
    await removeHome(home);
  });

  const load = (...argv: string[]): Promise<Ran> => cli(["models", "import", ...argv, "--quant", "F16"]);
  const imported = (name: string): string => join(home, "data", "tonescore", "models", name);
  const cached = (repository: string): Promise<string[]> =>
    readdir(join(home, "hub", `models--${repository.replace("/", "--")}`)).catch(() => []);
  const fetched = (): string[] =>
    server.asked.filter((each) => each.includes("/resolve/")).map((each) => each.split("/").at(-1) ?? "");

  it("downloads the checkpoint's files and no others, and deletes them when the model is there", async () => {
    const more = [
      "evil.py",
      "training_args.bin",
      "model.onnx",
      "onnx/model.safetensors",
      "pytorch_model.bin",
    ];
    const others = Object.fromEntries(more.map((name) => [name, Buffer.from("x")]));
    server.serve(REPOSITORY, { ...filesOf("qwen2.5-vl"), ...others });
    const { code, out, err } = await load(REPOSITORY);
    expect(code, err).to.equal(0);
    expect(err).to.include(`downloading ${REPOSITORY}: `).and.to.include(`/${REPOSITORY}`);
    expect(fetched().sort()).to.deep.equal(Object.keys(filesOf("qwen2.5-vl")).sort());
    expect(out).to.include("tiny: Qwen2.5-VL, F16,").and.to.include("licence apache-2.0");
    expect(out).to.match(/--model tiny$/m);
    expect((await readdir(imported("tiny"))).sort()).to.deep.equal([
      "mmproj-tiny-F16.gguf",
      "tiny-F16.gguf",
      "tonescore.json",
    ]);
    expect((await resolveModel("tiny")).model).to.equal(join(imported("tiny"), "tiny-F16.gguf"));
    const here = (await inventory()).filter(({ name }) => name === "tiny");
    expect(here.map(({ title, licence }) => [title, licence])).to.deep.equal([
      [`imported from ${REPOSITORY}`, "apache-2.0"],
    ]);
    expect(await cached(REPOSITORY)).to.deep.equal([]);
  });

  it("keeps the download where it is asked to, and imports it again without another", async () => {
    expect((await load(`hf:${REPOSITORY}`, "--keep")).code).to.equal(0);
    expect(await cached(REPOSITORY)).to.include("snapshots");
    const before = fetched().length;
    expect((await load(REPOSITORY, "--name", "second", "--keep")).code).to.equal(0);
    const [commit = ""] = await readdir(join(home, "hub", "models--owner--tiny", "snapshots"));
    const snapshot = join(home, "hub", "models--owner--tiny", "snapshots", commit);
    expect((await load(snapshot, "--name", "third")).code).to.equal(0);
    expect(fetched()).to.have.lengthOf(before);
    expect(await stat(join(snapshot, "config.json"))).to.be.an("object");
    const sources = (await inventory()).filter(({ here }) => here === "imported").map(({ title }) => title);
    expect(sources).to.deep.equal(Array(3).fill(`imported from ${REPOSITORY}`));
  });

  it("imports what it has kept where no server is to be asked, and keeps it", async () => {
    expect((await load(REPOSITORY, "--keep")).code).to.equal(0);
    const before = server.asked.length;
    process.env.HF_HUB_OFFLINE = "1";
    try {
      const { code, err } = await load(REPOSITORY, "--name", "second");
      expect(code, err).to.equal(0);
      const other = await load("owner/other");
      expect(other.code).to.equal(3);
      expect(other.err).to.include("HF_HUB_OFFLINE says that no server is to be asked");
    } finally {
      delete process.env.HF_HUB_OFFLINE;
    }
    expect(server.asked).to.have.lengthOf(before);
    expect(await cached(REPOSITORY)).to.include("snapshots");
  });

  it("removes what it has kept, by the repository's name", async () => {
    expect((await load(REPOSITORY, "--keep")).code).to.equal(0);
    const { code, err } = await cli(["models", "remove", `hf:${REPOSITORY}`, "--yes"]);
    expect(code, err).to.equal(0);
    expect(err).to.match(/hf:owner\/tiny is deleted: \d/);
    expect(await cached(REPOSITORY)).to.deep.equal([]);
    expect((await resolveModel("tiny")).model).to.equal(join(imported("tiny"), "tiny-F16.gguf"));
    expect((await cli(["models", "remove", `hf:${REPOSITORY}`, "--yes"])).code).to.equal(3);
  });

  it("goes on with a download that was cut", async () => {
    const shard = "model-00002-of-00002.safetensors";
    server.misbehave = (request, response) => {
      if (!request.url?.endsWith(shard)) return false;
      if (request.headers.range !== undefined) response.writeHead(403).end();
      else {
        const bytes = filesOf("qwen2.5-vl")[shard] ?? Buffer.alloc(0);
        response.writeHead(200, { "content-length": bytes.length });
        response.write(bytes.subarray(0, 100_000), () => response.destroy());
      }
      return true;
    };
    const cut = await load(REPOSITORY);
    expect(cut.code).to.equal(3);
    expect(cut.err).to.include("not everybody may read it").and.to.include("ERR_DOWNLOAD");
    expect(await stat(imported("tiny")).catch(() => undefined)).to.equal(undefined);
    server.misbehave = () => false;
    server.asked.length = 0;
    server.ranges.length = 0;
    const { code, err } = await load(REPOSITORY);
    expect(code, err).to.equal(0);
    expect(fetched()).to.deep.equal([shard]);
    expect(server.ranges.find((range) => range !== undefined)).to.match(/^bytes=[1-9]\d*-$/);
    expect(await cached(REPOSITORY)).to.deep.equal([]);
  });

  it("keeps the download of a model that cannot score", async () => {
    const { code } = await cli(["models", "import", REPOSITORY, "--quant", "F16"], {
      createScorer: (options) =>
        Promise.resolve(
          new FakeScorer(options, () => {
            throw new Error("no answer");
          }),
        ),
    });
    expect(code).to.not.equal(0);
    expect(await cached(REPOSITORY)).to.include("snapshots");
  });

  it("deletes nothing of another tool's", async () => {
    expect((await load(REPOSITORY, "--keep")).code).to.equal(0);
    const receipts = join(home, "assets", "tonescore", "downloaded", "owner", "tiny");
    const [one = "", ...rest] = await readdir(receipts);
    for (const hash of rest) await rm(join(receipts, hash));
    expect((await load(REPOSITORY, "--name", "second")).code).to.equal(0);
    const blobs = await readdir(join(home, "hub", "models--owner--tiny", "blobs"));
    expect(blobs.sort()).to.deep.equal(rest.sort());
    expect(blobs).to.not.include(one);
  });

  it("says what no server has, what is ready, and what is no checkpoint", async () => {
    server.serve("owner/ready", { "a-Q8_0.gguf": Buffer.from("x") });
    for (const [name, message] of [
      ["owner/absent", "there is none of that name"],
      ["owner/ready", "Run: tonescore models pull hf:owner/ready"],
      ["smolvlm-500m", "Run: tonescore models pull smolvlm-500m"],
      ["q-realign-min", '(did you mean "q-realign-mini"?)'],
      ["hf:owner", "hf:owner/repository"],
    ] as const) {
      const { code, err } = await load(name);
      expect(code, name).to.equal(3);
      expect(err, name).to.include(message);
    }
    expect(fetched()).to.deep.equal([]);
  });

  it("fetches no weights of a family that it does not know, nor of a part that is missing", async () => {
    const files = filesOf("qwen2.5-vl");
    server.serve(REPOSITORY, { ...files, "config.json": Buffer.from('{"architectures":["Other"]}') });
    expect((await load(REPOSITORY)).err).to.include("convert_hf_to_gguf.py");
    const incomplete = filesOf("qwen2.5-vl", "model-00002-of-00002.safetensors");
    server.serve(REPOSITORY, incomplete, "2".repeat(40));
    const { code, err } = await load(REPOSITORY);
    expect(code).to.equal(3);
    expect(err).to.include('the part "model-00002-of-00002.safetensors"').and.to.include("it is missing");
    expect(fetched().filter((name) => name.endsWith(".safetensors"))).to.deep.equal([]);
  });

  it("takes no name of another model, and no place where one is, before it downloads", async () => {
    const taken = await load(REPOSITORY, "--name", "smolvlm-500m");
    expect(taken.code).to.equal(2);
    expect(taken.err).to.include("Expected a name that the catalogue does not have");
    const out = join(home, "mine");
    await writeFile(out, "mine");
    expect((await load(REPOSITORY, "--out", out)).err).to.include("is there already, and stays as it is");
    expect(server.asked).to.deep.equal([]);
  });

  it("knows a checkpoint of the catalogue by its name and by its repository", async () => {
    server.serve("q-future/Q-ReAlign-Mini-0.8B", filesOf("qwen3.5"));
    const { code, out, err } = await load("q-realign-mini");
    expect(code, err).to.equal(0);
    expect(out).to.match(/--model q-realign-mini$/m);
    const here = (await inventory()).filter(({ name }) => name === "q-realign-mini");
    expect(here.map((each) => [each.title, each.here, each.preset, each.licence])).to.deep.equal([
      ["Q-ReAlign Mini 0.8B", "imported", "qrealign", "Apache-2.0"],
    ]);
    expect((await load("q-future/Q-ReAlign-Mini-0.8B")).err).to.include("is there already");
    expect((await load("q-future/Q-ReAlign-Mini-0.8B", "--name", "other")).code).to.equal(0);
    expect((await inventory()).find(({ name }) => name === "other")?.preset).to.equal("qrealign");
    expect((await cli(["models", "remove", "q-realign-mini", "--yes"])).code).to.equal(0);
    expect(await readdir(join(home, "data", "tonescore", "models"))).to.deep.equal(["other"]);
  });

  it("downloads the encoder that LLaVA's own layout leaves out, and remembers the template", async () => {
    const files = filesOf("q-instruct", "chat_template.jinja");
    server.serve("teowu/llava_v1.5_7b_qinstruct_preview_v0.1", files);
    server.serve(CLIP, filesOf("q-instruct/vision_tower"));
    const { code, err } = await load("q-instruct");
    expect(code, err).to.equal(0);
    expect(err).to.include(`downloading ${CLIP}`);
    expect((await resolveModel("q-instruct")).template).to.equal("vicuna");
    expect(await cached(CLIP)).to.deep.equal([]);
    const folder = join(checkpoints, "q-instruct");
    expect((await load(folder, "--name", "local")).err).to.include("Name it with --encoder");
    expect((await load(folder, "--name", "local", "--encoder", CLIP)).code).to.equal(0);
  });

  it("downloads no encoder that only the checkpoint names", async () => {
    const config = JSON.parse(filesOf("q-instruct")["config.json"]?.toString() ?? "") as object;
    const evil = Buffer.from(JSON.stringify({ ...config, mm_vision_tower: "evil/tower" }));
    server.serve(REPOSITORY, { ...filesOf("q-instruct"), "config.json": evil });
    server.serve("evil/tower", filesOf("q-instruct/vision_tower"));
    const { code, err } = await load(REPOSITORY);
    expect(code).to.equal(3);
    expect(err).to.include("Name it with --encoder");
    expect(server.asked.filter((each) => each.includes("evil"))).to.deep.equal([]);
  });
});
