import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../installation.js";

/** What the addon needs of others, by the names of symbols. */
const imported = (): string[] =>
  execFileSync("readelf", ["--dyn-syms", "--wide", join(root, "build", "Release", "tonescore.node")], {
    encoding: "utf8",
  })
    .split("\n")
    .flatMap((line) => / UND (\S+)/.exec(line)?.slice(1) ?? []);

if (process.platform === "linux") {
  describe("the addon", () => {
    it("asks its host for Node-API alone, so that it runs in every Electron", () => {
      const ofNode = imported().filter((name) => /napi_|node_api_/.test(name));
      const ofOthers = imported().filter((name) => /^uv_|_ZN?K?(2v8|4node|6icu)/.test(name));
      expect(ofNode).to.include("napi_create_function");
      expect(ofOthers).to.deep.equal([]);
    });

    it("gives no memory of its own to JavaScript, which Electron does not let it", () => {
      expect(imported().filter((name) => name.includes("napi_create_external_"))).to.deep.equal([]);
    });
  });
}
