/** Prints where an encoder's time goes, by operation; bench/README.md says how. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findModel } from "./models.js";
import { root } from "./paths.js";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "bundled" },
    rounds: { type: "string", default: "15" },
    libmtmd: { type: "boolean", default: false },
  },
});
const { model, mmproj, picture } = findModel(values.model);
const folder = join(root, "build", "cmake");
const target = values.libmtmd ? "encoder_profile_libmtmd" : "encoder_profile";
execFileSync("cmake", ["--build", folder, "--target", target], { stdio: ["ignore", "ignore", "inherit"] });
const libraries = join(root, "build", "Release");
execFileSync(join(folder, target), [libraries, model, mmproj, values.rounds, ...picture.map(String)], {
  stdio: "inherit",
});
