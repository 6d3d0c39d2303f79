import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { OLDEST_NODE, refusedNode } from "../../src/util/nodeVersion.js";

describe("the version of Node", () => {
  it("is one that is refused by name where it is too old", () => {
    for (const version of ["20.9.0", "20.18.3", "18.20.8", "0.12.0"]) {
      expect(refusedNode(version)).to.equal(
        `Expected Node 20.19.0 or later but this is ${version}. Install a newer one, from https://nodejs.org or with your version manager.`,
      );
    }
    for (const version of ["20.19.0", "20.20.2", "22.0.0", "26.10.0", "27.0.0-nightly20270101"]) {
      expect(refusedNode(version), version).to.equal(undefined);
    }
  });

  it("is the same one everywhere", async () => {
    const text = (name: string): Promise<string> =>
      readFile(new URL(`../../${name}`, import.meta.url), "utf8");
    const short = OLDEST_NODE.replace(/\.0$/, "");
    const { engines } = JSON.parse(await text("package.json")) as { engines: { node: string } };
    expect(engines.node).to.equal(`>=${short}`);
    for (const name of ["README.md", "CONTRIBUTING.md"]) {
      expect(
        [...(await text(name)).matchAll(/Node (\d+[.\d]*) or later/g)].map(([, version]) => version),
      ).to.deep.equal([short]);
    }
    expect(await text(".ci/run")).to.include(`for version in ${OLDEST_NODE} `);
  });
});
