import { expect } from "chai";
import { HubClient } from "../../src/hub/client.js";
import { isRepository, isSafeName, type Listing, listRepository } from "../../src/hub/repository.js";
import { emptyHome, failureOf, hubAt, HubServer, impatient, removeHome } from "./hubServer.js";

const commit = "c".repeat(40);
const hash = "a".repeat(64);

describe("listRepository", () => {
  let server: HubServer;
  let home: string;
  beforeEach(async () => {
    server = await HubServer.open();
    home = await emptyHome();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await removeHome(home);
  });

  async function listed(text: string | Buffer): Promise<Listing> {
    server.misbehave = (_, response) => {
      response.writeHead(200).end(text);
      return true;
    };
    await using client = await HubClient.open(hubAt(home, server), impatient);
    return await listRepository(client, "a/b");
  }

  it("leaves out what could lead out of the cache, or has no size or hash that could be", async () => {
    const lfs = { sha256: hash, size: 5 };
    const good = { rfilename: "q8/model Q8_0.gguf", lfs };
    const names = ["../x.gguf", "/etc/x.gguf", "a/../../x.gguf", "a//x.gguf", "", ".", "..", "a\\..\\x.gguf"];
    const acting = [
      "x\u001b[2J.gguf",
      "x\n.gguf",
      "C:\\x.gguf",
      "x.gguf:stream",
      ".hidden",
      "x\u202e.gguf",
      "x.",
    ];
    const siblings = [
      ...[...names, ...acting].map((rfilename) => ({ rfilename, lfs })),
      good,
      { rfilename: "a.gguf", lfs: { sha256: "not one", size: 5 } },
      { rfilename: "b.gguf", lfs: { sha256: hash, size: -5 } },
      { rfilename: "c.gguf", lfs: { sha256: hash, size: 1e300 } },
      { rfilename: "d.gguf", lfs: { sha256: hash, size: "5" } },
      { rfilename: "e.gguf", size: 5, blobId: "../../x" },
      { rfilename: "config.json", size: 7, blobId: "b".repeat(40) },
      null,
      "x",
    ];
    expect((await listed(JSON.stringify({ sha: commit, siblings }))).files).to.deep.equal([
      { name: "q8/model Q8_0.gguf", bytes: 5, hash },
      { name: "config.json", bytes: 7, hash: "b".repeat(40) },
    ]);
  });

  it("says that a server's list cannot be read", async () => {
    const commitOf = (sha: unknown): string => JSON.stringify({ sha, siblings: [] });
    for (const text of [
      "<html>",
      "[]",
      commitOf("main"),
      commitOf("../../x"),
      commitOf(5),
      "{}",
      "[".repeat(1e5),
    ]) {
      const error = await failureOf(listed(text));
      expect(error.code).to.equal("ERR_DOWNLOAD");
      expect(error.message).to.include("lists cannot be read").and.include("Is HF_ENDPOINT right?");
    }
  });

  it("does not read a list without end", async () => {
    const error = await failureOf(listed(Buffer.alloc(33 * 2 ** 20, " ")));
    expect(error.message).to.include("a list of more than");
  });

  it("tells repositories' names from paths", () => {
    for (const name of ["ggml-org/SmolVLM-500M-Instruct-GGUF", "Qwen/Qwen2.5-VL_3B"]) {
      expect(isRepository(name), name).to.equal(true);
    }
    for (const name of [
      "a",
      "a/b/c",
      "../b",
      "a/..",
      "a/b..c",
      "a--x/b",
      "/a/b",
      "a/b?x",
      "a/b#x",
      "a/ b",
      "%2e%2e/b",
    ]) {
      expect(isRepository(name), name).to.equal(false);
    }
    expect(isSafeName("a".repeat(300))).to.equal(false);
  });
});
