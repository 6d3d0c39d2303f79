import { expect } from "chai";
import { PackedApp } from "./packedApp.js";

/** What docs/integrations.md says is to be left out of the archive. */
const DOCUMENTED = "**/node_modules/{tonescore,@tonescore,sharp,@img}/**";

describe("an Electron app's archive", function () {
  this.timeout(120_000);
  let app: PackedApp;
  before(() => {
    app = new PackedApp();
  });
  after(() => {
    app.remove();
  });

  it("scores with what native code opens beside it, in the main process and in a utility process", async () => {
    await app.pack(DOCUMENTED);
    const here = app.score("rider.jpg", {});
    expect(here.score).to.be.within(0.9, 1);
    expect(app.score("rider.jpg", { isolate: true })).to.deep.equal(here);
  });

  for (const [what, unpacked, code] of [
    ["the addon", "**/node_modules/{tonescore,sharp,@img}/**", "ERR_NATIVE_LOAD"],
    ["sharp", "**/node_modules/{tonescore,@tonescore}/**", "ERR_NATIVE_LOAD"],
    ["the model", "**/node_modules/{@tonescore,sharp,@img}/**", "ERR_MODEL_NOT_FOUND"],
  ] as const) {
    it(`says what to leave out where ${what} lies in it`, async () => {
      await app.pack(unpacked);
      for (const isolate of [false, true]) {
        const outcome = app.score("rider.jpg", { isolate });
        expect(outcome).to.include({ code });
        expect(outcome.message).to.include("node_modules/{tonescore,@tonescore,sharp,@img}/**");
      }
    });
  }
});
