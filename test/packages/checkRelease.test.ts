import { expect } from "chai";
import { releaseFaults } from "../../scripts/package/checkRelease.js";

const repository = "someone/tonescore";
const url = `git+https://github.com/${repository}.git`;
const whole = {
  version: "1.2.3",
  repository: { type: "git", url },
  homepage: "https://a.example",
  bugs: url,
};
const changelog = "## [Unreleased]\n\n## [1.2.3] - 2026-11-26\n";
const fit = { manifest: whole, changelog, tag: "v1.2.3", repository };

describe("releaseFaults", () => {
  it("finds none in what is fit to be released", () => {
    expect(releaseFaults(fit)).to.deep.equal([]);
  });

  it("holds the tag and the changelog against the version", () => {
    expect(releaseFaults({ ...fit, tag: "v1.2.4" }).join())
      .to.include("tag is v1.2.4")
      .and.include("1.2.3");
    expect(releaseFaults({ ...fit, changelog: "## [Unreleased]" }).join()).to.include("[1.2.3]");
  });

  it("says what is to be written where there is no repository, or another's, as provenance would refuse it", () => {
    const [missing, ...others] = releaseFaults({ ...fit, manifest: { version: "1.2.3" } });
    expect(missing).to.include("null: write").and.include(url);
    expect(others).to.have.length(2);
    for (const wrong of ["other/tonescore", "someone/tonescore-fork"]) {
      const manifest = { ...whole, repository: { type: "git", url: `git+https://github.com/${wrong}.git` } };
      expect(releaseFaults({ ...fit, manifest }).join())
        .to.include(wrong)
        .and.include(url);
    }
  });
});
