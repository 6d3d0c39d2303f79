// Other copies and other releases of llama.cpp in the same process.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { root } from "./installation.js";
import { expectScore, program, required } from "./scores.js";

/** Another release, whose llama.cpp is another too. */
const OTHER = "node-llama-cpp@3.18.1";

/** @param {import("./installation.js").Installation} installation */
export function tryNeighbours(installation) {
  const { folder, installed, add } = installation;
  const second = join(folder, "second");
  cpSync(join(installed, "node_modules"), join(second, "node_modules"), { recursive: true });
  const loadSecond = `
    const copy = require(${JSON.stringify(join(second, "node_modules/tonescore"))});
    await (await copy.createScorer()).close();`;
  expectScore(
    installation,
    "a second copy before it",
    "copyBefore.cjs",
    program(required, { before: loadSecond }),
  );
  expectScore(
    installation,
    "a second copy after it",
    "copyAfter.cjs",
    program(required, { after: loadSecond }),
  );

  add([OTHER]);
  const other = `
    const { getLlama } = await import("node-llama-cpp");
    const llama = await getLlama({ gpu: false, build: "never", progressLogs: false });
    await llama.loadModel({ modelPath: ${JSON.stringify(join(root, "models", "tonescore-3.gguf"))} });`;
  expectScore(installation, `${OTHER} before it`, "before.cjs", program(required, { before: other }));
  expectScore(installation, `${OTHER} after it`, "after.cjs", program(required, { after: other }));
}
