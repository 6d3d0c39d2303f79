import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createScorer } from "../../src/index.js";
import { root } from "../installation.js";
import { PackedApp } from "./packedApp.js";

const manifest = readFileSync(join(root, "examples", "electron", "package.json"), "utf8");
const { build } = JSON.parse(manifest) as { build: { asarUnpack: readonly string[] } };
/** As Electron Forge is told them. */
const documented = `**/{${build.asarUnpack.join(",")}}`;
const without = (left: string): string =>
  `**/{${build.asarUnpack.filter((glob) => !glob.includes(left)).join(",")}}`;

describe("in the archive of an Electron app", function () {
  if (process.platform !== "linux") return; // where the stand-in was tried
  let app: PackedApp;
  before(() => {
    app = new PackedApp();
  });
  after(() => {
    app.remove();
  });

  const modes = { "in its process": {}, "in a utility process": { isolate: true } };

  describe("with what native code opens left out of it", () => {
    before(() => app.pack(documented));

    it("scores the same as elsewhere, in its process and in a utility process", async () => {
      await using scorer = await createScorer();
      const { score } = await scorer.scoreImage(join(root, "examples", "rider.jpg"));
      for (const options of Object.values(modes))
        expect(app.score("rider.jpg", options)).to.deep.equal({ score });
      expect(app.score("clip.mp4", modes["in a utility process"]).score).to.be.within(0, 1);
    });

    it("scores in a plain process where Electron runs as Node, which has no utility processes", () => {
      const { score, message } = app.score("rider.jpg", { isolate: true }, { ELECTRON_RUN_AS_NODE: "1" });
      expect(score, message).to.be.within(0, 1);
    });

    it("makes a file that is none an error, and not more", () => {
      expect(app.score("make.sh", { isolate: true })).to.have.property("code", "ERR_VIDEO_DECODE");
    });
  });

  for (const [left, code, told] of [
    ["@tonescore", "ERR_NATIVE_LOAD", "Tried: "],
    ["node_modules/tonescore", "ERR_MODEL_NOT_FOUND", "the bundled model's tonescore-3.gguf"],
    ["@img", "ERR_NATIVE_LOAD", "sharp, which decodes pictures, could not be loaded"],
  ] as const) {
    it(`says what is to be left out where ${left} is not`, async () => {
      await app.pack(without(left));
      for (const options of Object.values(modes)) {
        const { message, ...rest } = app.score("rider.jpg", options);
        expect(rest).to.deep.equal({ code });
        expect(message).to.include(told).and.include("asarUnpack in electron-builder");
      }
    });
  }

  it("says so where only the addon is left out, without the libraries beside it", async () => {
    await app.pack("**/{node_modules/tonescore/**,*.node}");
    const { code, message } = app.score("rider.jpg", { isolate: true });
    expect(code).to.equal("ERR_NATIVE_LOAD");
    expect(message).to.include("asarUnpack in electron-builder");
  });
});
