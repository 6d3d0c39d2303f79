import { expect } from "chai";
import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HubClient } from "../../src/hub/client.js";
import { download, type DownloadOptions, incomplete } from "../../src/hub/download.js";
import { hubOf } from "../../src/hub/environment.js";
import { listRepository } from "../../src/hub/repository.js";
import { RepositoryCache } from "../../src/hub/cache.js";
import {
  content,
  emptyHome,
  failureOf,
  hubAt,
  HubServer,
  impatient,
  removeHome,
  sha256,
} from "./hubServer.js";

const REPOSITORY = "owner/pictures-GGUF";
const FILE = "model-Q8_0.gguf";
const bytes = content(300_000);
const isFile = (url: string | undefined): boolean => url?.includes("/resolve/") === true;

describe("download", () => {
  let server: HubServer;
  let home: string;
  let cache: RepositoryCache;

  beforeEach(async () => {
    server = await HubServer.open();
    server.serve(REPOSITORY, { [FILE]: bytes, "README.md": Buffer.from("# A model\n") });
    home = await emptyHome();
    cache = new RepositoryCache(hubAt(home, server), REPOSITORY);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await removeHome(home);
  });

  async function fetchAll(options: DownloadOptions & { readonly token?: string } = {}): Promise<string[]> {
    await using client = await HubClient.open(hubAt(home, server, options.token), impatient);
    const listing = await listRepository(client, REPOSITORY, options.signal);
    return await download(client, listing, listing.files, options);
  }

  /** What is named, and what takes room. */
  const blobs = (): Promise<string[]> => readdir(join(cache.folder, "blobs")).catch(() => []);
  const nothingTakenForWhole = async (): Promise<void> => {
    expect(existsSync(join(cache.folder, "snapshots"))).to.equal(false);
    expect((await blobs()).filter((name) => !name.endsWith(".incomplete"))).to.deep.equal([]);
  };

  it("lays files out as the Python tools do", async () => {
    const paths = await fetchAll();
    const folder = join(home, "hub", "models--owner--pictures-GGUF");
    const commit = "1".repeat(40);
    expect(paths).to.deep.equal([
      join(folder, "snapshots", commit, FILE),
      join(folder, "snapshots", commit, "README.md"),
    ]);
    expect(await readlink(paths[0] ?? "")).to.equal(join("..", "..", "blobs", sha256(bytes)));
    expect(await readFile(join(folder, "refs", "main"), "utf8")).to.equal(commit);
    expect(await readFile(paths[0] ?? "")).to.deep.equal(bytes);
    expect(await readFile(paths[1] ?? "", "utf8")).to.equal("# A model\n");
    expect(await readdir(join(home, "hub", ".locks", "models--owner--pictures-GGUF"))).to.deep.equal([]);
  });

  it("downloads nothing twice, and only names what another commit has too", async () => {
    await fetchAll();
    const before = server.asked.filter(isFile).length;
    await fetchAll();
    server.serve(REPOSITORY, { [FILE]: bytes, "README.md": Buffer.from("# A model\n") }, "2".repeat(40));
    const [path = ""] = await fetchAll();
    expect(server.asked.filter(isFile).length).to.equal(before);
    expect(path).to.include("2".repeat(40));
    expect(await readFile(path)).to.deep.equal(bytes);
    expect(await cache.commits()).to.deep.equal(["2".repeat(40), "1".repeat(40)]);
  });

  it("goes on where a connection was cut, and tells how far it is", async () => {
    let cuts = 0;
    server.misbehave = ({ url, headers }, response) => {
      if (!isFile(url) || url?.includes(FILE) !== true || cuts++ > 4) return false;
      const start = Number(/\d+/.exec(headers.range ?? "0")?.[0]);
      response.writeHead(start > 0 ? 206 : 200, {
        "content-length": bytes.length - start,
        ...(start > 0 && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
      });
      response.write(bytes.subarray(start, start + 40_000), () => setTimeout(() => response.destroy(), 10));
      return true;
    };
    const seen: number[] = [];
    const [path = ""] = await fetchAll({ onBytes: (count) => seen.push(count) });
    expect(await readFile(path)).to.deep.equal(bytes);
    expect(server.ranges.filter((range) => range !== undefined)).to.have.lengthOf.at.least(3);
    expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).to.equal(bytes.length + 10);
  });

  it("goes on with what an earlier process has left", async () => {
    const path = incomplete(cache.blob(sha256(bytes)));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes.subarray(0, 123_456));
    await fetchAll();
    expect(server.ranges).to.include("bytes=123456-");
    expect(existsSync(path)).to.equal(false);
  });

  it("begins again where what an earlier process has left is not of this file", async () => {
    const path = incomplete(cache.blob(sha256(bytes)));
    await mkdir(dirname(path), { recursive: true });
    for (const left of [content(1000, 9), content(bytes.length, 9), content(bytes.length + 5, 9)]) {
      await writeFile(path, left);
      await fetchAll();
      expect(await readFile(cache.blob(sha256(bytes)))).to.deep.equal(bytes);
      await removeHome(cache.folder);
      await mkdir(dirname(path), { recursive: true });
    }
  });

  it("takes all from a server that sends all whatever part it is asked for", async () => {
    const path = incomplete(cache.blob(sha256(bytes)));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes.subarray(0, 1000));
    server.misbehave = (request, response) => {
      if (request.url?.includes(FILE) !== true) return false;
      response.writeHead(200, { "content-length": bytes.length }).end(bytes);
      return true;
    };
    await fetchAll();
    expect(await readFile(cache.blob(sha256(bytes)))).to.deep.equal(bytes);
  });

  for (const [what, misbehave, message] of [
    [
      "wrong bytes",
      (response) => response.writeHead(200).end(content(bytes.length, 5)),
      "their hash differs",
    ],
    [
      "another length than it lists",
      (response) => response.writeHead(200, { "content-length": 7 }).end("7 bytes"),
      "7 bytes are announced where 300000 are missing",
    ],
    [
      "more than it lists",
      (response) => response.writeHead(200).end(Buffer.concat([bytes, bytes])),
      "more than its 300000 bytes come",
    ],
    [
      "redirects without end",
      (response) => response.writeHead(302, { location: "/owner/loop/resolve/x/y" }).end(),
      "from one address to the next without end",
    ],
    [
      "a redirect to a file",
      (response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      "none of the web's",
    ],
    ["no such file", (response) => response.writeHead(404).end(), "there is none of that name"],
    ["401", (response) => response.writeHead(401).end(), "not for everybody"],
    [
      "403, of a gated repository",
      (response) => response.writeHead(403).end(),
      "agree on its page and set HF_TOKEN",
    ],
    [
      "500 at every attempt",
      (response) => response.writeHead(500).end(),
      "it is in trouble (500). Try again later",
    ],
    [
      "429 for an hour",
      (response) => response.writeHead(429, { "retry-after": "3600" }).end(),
      "asked too often (429). Try again in 1 h 00 min",
    ],
    ["silence", () => undefined, "silent for too long"],
    [
      "half of it, then silence",
      (response) => response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 100)),
      "silent for too long",
    ],
    ["a cut at every attempt", (response) => response.destroy(), "the connection was cut"],
  ] as readonly (readonly [string, (response: import("node:http").ServerResponse) => unknown, string])[]) {
    it(`says what is wrong: ${what}`, async () => {
      server.misbehave = ({ url }, response) => {
        if (!isFile(url)) return false;
        misbehave(response);
        return true;
      };
      const error = await failureOf(fetchAll());
      expect(error.code).to.equal("ERR_DOWNLOAD");
      expect(error.message).to.include(message);
      await nothingTakenForWhole();
    });
  }

  it("waits as long as a busy server asks, and no longer", async () => {
    let refusals = 0;
    server.misbehave = ({ url }, response) => {
      if (!isFile(url) || refusals++ > 1) return false;
      response
        .writeHead(refusals === 1 ? 429 : 503, {
          "retry-after": refusals === 1 ? "0" : new Date().toUTCString(),
        })
        .end();
      return true;
    };
    await fetchAll();
    expect(refusals).to.equal(4);
  });

  it("gives its token to the server that the user named, and to no other", async () => {
    await using other = await HubServer.open();
    other.serve(REPOSITORY, { [FILE]: bytes, "README.md": Buffer.from("# A model\n") });
    server.misbehave = ({ url = "" }, response) => {
      if (!isFile(url)) return false;
      response.writeHead(302, { location: `${other.url}${url}` }).end();
      return true;
    };
    await fetchAll({ token: "hf_secret" });
    expect(new Set(server.authorizations)).to.deep.equal(new Set(["Bearer hf_secret"]));
    expect(new Set(other.authorizations)).to.deep.equal(new Set([undefined]));
    expect(other.asked).to.have.lengthOf(2);
  });

  it("says with a token set that it is that which may not", async () => {
    server.misbehave = (_, response) => {
      response.writeHead(403).end();
      return true;
    };
    const { message } = await failureOf(fetchAll({ token: "hf_secret" }));
    expect(message).to.include("The token that is set may not read it").and.not.include("hf_secret");
  });

  it("lets two at once share one download", async () => {
    server.misbehave = ({ url }, response) => {
      if (url?.includes(FILE) !== true) return false;
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 1000));
      setTimeout(() => response.end(bytes.subarray(1000)), 100);
      return true;
    };
    const waited: string[] = [];
    const onWait = (file: string): number => waited.push(file);
    const all = await Promise.all([fetchAll({ onWait }), fetchAll({ onWait }), fetchAll({ onWait })]);
    expect(new Set(all.map(([path]) => path)).size).to.equal(1);
    expect(server.asked.filter((url) => url.includes(FILE))).to.have.lengthOf(1);
    expect(waited.filter((file) => file === FILE)).to.have.lengthOf(2);
  });

  it("stops when it is asked to, and keeps what came", async () => {
    server.misbehave = ({ url }, response) => {
      if (!isFile(url)) return false;
      response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 5000));
      return true;
    };
    const controller = new AbortController();
    const running = failureOf(fetchAll({ signal: controller.signal }));
    await pause(80);
    controller.abort();
    expect((await running).code).to.equal("ERR_ABORTED");
    expect((await stat(incomplete(cache.blob(sha256(bytes))))).size).to.equal(5000);
    await nothingTakenForWhole();
    server.misbehave = () => false;
    await fetchAll();
    expect(server.ranges).to.include("bytes=5000-");
  });

  it("asks no server where the user wants none", async () => {
    const hub = hubOf({ HF_HOME: home, HF_ENDPOINT: server.url, HF_HUB_OFFLINE: "1" });
    const error = await failureOf(HubClient.open(hub, impatient));
    expect(error.message).to.include("HF_HUB_OFFLINE");
    expect(server.asked).to.deep.equal([]);
  });

  it("tells before it begins that a disk will not hold what comes", async () => {
    await using client = await HubClient.open(hubAt(home, server), impatient);
    const file = { name: "huge.gguf", bytes: 9e14, hash: "a".repeat(64) };
    const listing = { repository: REPOSITORY, commit: "1".repeat(40), files: [file] };
    const error = await failureOf(download(client, listing, [file]));
    expect(error.code).to.equal("ERR_DOWNLOAD");
    expect(error.message).to.match(/900 TB are needed and .* are free/);
  });

  it("says that a folder cannot be written to", async () => {
    await writeFile(join(home, "hub"), "a file where a folder should be");
    const error = await failureOf(fetchAll());
    expect(error.code).to.equal("ERR_DOWNLOAD");
    expect(error.message).to.include("Cannot write to").and.include("HF_HOME");
    expect((await lstat(join(home, "hub"))).isFile()).to.equal(true);
  });
});
