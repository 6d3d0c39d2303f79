// What is said where the packages do not fit together.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** @typedef {import("./installation.js").Installation} Installation */

/** @param {Installation} installation @param {string} what @param {RegExp} wanted */
function expectMessage({ node }, what, wanted) {
  const file = "mistake.mjs";
  const printed = node([file]);
  console.log(`${what}: ${printed.split("\n")[1] ?? ""}`);
  if (!wanted.test(printed)) throw new Error(`${what}: expected ${String(wanted)}, but it says:\n${printed}`);
}

/** On x64. @param {Installation} installation */
export function tryMistakes(installation) {
  const scope = join(installation.installed, "node_modules/@tonescore");
  const [own, other] = [join(scope, "linux-x64-gnu"), join(scope, "linux-arm64-gnu")];
  const failing = `
    const { createScorer } = await import("tonescore");
    await createScorer().then(() => console.log("It loads"), (error) => console.log(error.message));
    process.exit();`;
  writeFileSync(join(dirname(dirname(scope)), "mistake.mjs"), failing);

  renameSync(own, other);
  expectMessage(
    installation,
    "another platform's package",
    /holds @tonescore\/linux-arm64-gnu: delete it and run npm install/,
  );
  renameSync(other, own);

  const manifest = join(own, "package.json");
  const kept = readFileSync(manifest, "utf8");
  writeFileSync(manifest, kept.replace(/"version": "[^"]*"/, '"version": "0.0.1"'));
  expectMessage(
    installation,
    "another version's package",
    /linux-x64-gnu 0\.0\.1[^]*npm install @tonescore\/linux-x64-gnu@/,
  );
  writeFileSync(manifest, kept);

  renameSync(own, `${own}.gone`);
  expectMessage(installation, "no package", /npm install @tonescore\/linux-x64-gnu@[^]*--omit=optional/);
  renameSync(`${own}.gone`, own);
}
