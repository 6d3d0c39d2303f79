import { expect } from "chai";
import { outsideArchive } from "../src/places.js";

describe("outsideArchive", () => {
  it("leads from Electron's archive to the files beside it", () => {
    expect(outsideArchive("/app/resources/app.asar/node_modules/tonescore/models/a.gguf")).to.equal(
      "/app/resources/app.asar.unpacked/node_modules/tonescore/models/a.gguf",
    );
    expect(outsideArchive("C:\\app\\app.asar\\a.node")).to.equal("C:\\app\\app.asar.unpacked\\a.node");
  });

  it("leaves other paths as they are", () => {
    for (const path of ["/srv/a.asar", "/srv/app.asar.unpacked/a.node", "/srv/asar/a.node"])
      expect(outsideArchive(path)).to.equal(path);
  });
});
