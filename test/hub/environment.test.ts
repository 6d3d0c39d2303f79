import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { hubOf, tokenOf } from "../../src/hub/environment.js";

describe("hubOf", () => {
  it("looks where the Python tools do", () => {
    const cache = (env: Record<string, string>): string => hubOf(env).cache;
    expect(cache({})).to.equal(join(homedir(), ".cache", "huggingface", "hub"));
    expect(cache({ XDG_CACHE_HOME: "/c" })).to.equal(join("/c", "huggingface", "hub"));
    expect(cache({ XDG_CACHE_HOME: "/c", HF_HOME: "/h" })).to.equal(join("/h", "hub"));
    expect(cache({ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" })).to.equal("/old");
    expect(cache({ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "/new" })).to.equal("/new");
    expect(cache({ HF_HUB_CACHE: "~/mine" })).to.equal(`${homedir()}/mine`);
    expect(cache({ HF_HUB_CACHE: "$SCRATCH/${USER}/hub", SCRATCH: "/s", USER: "me" })).to.equal("/s/me/hub");
    expect(cache({ HF_HUB_CACHE: "" })).to.equal(join(homedir(), ".cache", "huggingface", "hub"));
    expect(hubOf({ HF_HOME: "/h" }).assets).to.equal(join("/h", "assets", "tonescore"));
    expect(hubOf({ HF_HUB_OFFLINE: "1" }).offline).to.equal(true);
    expect(hubOf({ HF_HUB_OFFLINE: "0" }).offline).to.equal(false);
  });

  it("takes another server by its address", () => {
    const endpoint = (HF_ENDPOINT?: string): string => hubOf({ HF_ENDPOINT }).endpoint.href;
    expect(endpoint()).to.equal("https://huggingface.co/");
    expect(endpoint("https://mirror.example/hub/")).to.equal("https://mirror.example/hub/");
    expect(endpoint("http://localhost:8000")).to.equal("http://localhost:8000/");
    for (const wrong of ["mirror.example", "file:///etc", "https://"]) {
      expect(() => endpoint(wrong)).to.throw(`for HF_ENDPOINT but received "${wrong}"`);
    }
  });

  it("knows the user by a variable or by the file that the Python tools write", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tonescore-token-"));
    const token = (env: Record<string, string>): Promise<string | undefined> =>
      tokenOf(hubOf({ HF_HOME: folder, ...env }));
    try {
      expect(await token({})).to.equal(undefined);
      await writeFile(join(folder, "token"), "hf_file\n");
      expect(await token({})).to.equal("hf_file");
      expect(await token({ HF_TOKEN: "hf_variable" })).to.equal("hf_variable");
      await writeFile(join(folder, "other"), "hf_other");
      expect(await token({ HF_TOKEN_PATH: join(folder, "other") })).to.equal("hf_other");
      const error = await token({ HF_TOKEN: "hf_a\r\nHost: evil" }).catch(
        (thrown: unknown) => thrown as Error,
      );
      expect(error).to.be.instanceOf(Error);
      expect(String(error)).to.include("HF_TOKEN").and.not.include("evil");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
