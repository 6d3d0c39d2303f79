import { expect } from "chai";
import { homedir } from "node:os";
import { join } from "node:path";
import { importedFolder } from "../../src/models/imported.js";

describe("the folder of imported models", () => {
  it("is where XDG_DATA_HOME says, unless that is relative to the working folder", () => {
    const usual = join(homedir(), ".local", "share", "tonescore", "models");
    expect(importedFolder({ XDG_DATA_HOME: "/data" }, "linux")).to.equal(
      join("/data", "tonescore", "models"),
    );
    for (const XDG_DATA_HOME of ["data", "./data", "", undefined])
      expect(importedFolder({ XDG_DATA_HOME }, "linux")).to.equal(usual);
  });
});
