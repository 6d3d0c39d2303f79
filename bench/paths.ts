import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const examples = join(root, "examples");
/** Models, pictures and logs of the benchmarks; never committed. */
export const scratch = join(root, "build", "bench");
