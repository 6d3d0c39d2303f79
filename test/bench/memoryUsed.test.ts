import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { photograph } from "../../bench/photograph.js";
import { memoryUsed } from "../../bench/memoryUsed.js";
import { nativeAddon } from "../../src/native/load.js";
import { COUNTED, hostNeed } from "../../src/native/memoryNeed.js";
import { families, filesOf, usual } from "../native/support.js";

/** Of what is measured: most of it is the process's own with models as small as these. */
const TOLERANCE = 0.25;

const describeOnLinux = process.platform === "linux" ? describe : describe.skip;

describeOnLinux("the memory that a model is said to need", () => {
  let folder: string;
  let picture: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-need-"));
    picture = join(folder, "picture.jpg");
    await photograph(picture);
  });
  after(() => rm(folder, { recursive: true }));

  for (const family of families) {
    it(`is what a photograph takes with ${family}`, async () => {
      const files = filesOf(family);
      const asked = { ...files, ...usual, ...COUNTED, gpuLayers: 0 };
      const said = hostNeed(await nativeAddon().measureNeed(asked), {
        sessions: 1,
        lowMemory: false,
        maxPixels: Infinity,
      });
      const options = { ...files, threads: 1, gpu: "off", views: "whole" } as const;
      const template = family === "llava-1.5" ? { template: "vicuna" } : {};
      expect(said).to.be.closeTo(await memoryUsed({ ...options, ...template }, picture), TOLERANCE * said);
    });
  }
});
