// The packages for GPUs. Mesa's software device (Debian's mesa-vulkan-drivers) is a GPU to Vulkan; CUDA has none.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packedFile } from "./installation.js";
import { media } from "./scores.js";

/** Of a raw logit, between the processor and Mesa's device, which computes in half precision where it may. */
const arithmetics = /** @type {const} */ ([
  ["single precision", { GGML_VK_DISABLE_F16: "1" }, 5e-4],
  ["half precision", {}, 5e-3],
]);

/** @param {string} printed by `-f ndjson` */
const logitsIn = (printed) => [...printed.matchAll(/"logit":(-?[\d.]+)/g)].map(([, logit]) => Number(logit));

/** @param {import("./installation.js").Installation} installation */
export function tryVulkan({ node, add }) {
  const drivers = "/usr/share/vulkan/icd.d";
  const driver = readdirSync(drivers).find((file) => file.startsWith("lvp_icd"));
  if (driver === undefined) throw new Error("Expected Mesa's software device: install mesa-vulkan-drivers");
  add([packedFile("linux-x64-gnu-vulkan")]);
  const score = (/** @type {string} */ gpu, /** @type {NodeJS.ProcessEnv} */ environment) =>
    node(
      ["node_modules/tonescore/dist/cli/main.js", ...media.slice(0, 1), "-q", "-f", "ndjson", "--gpu", gpu],
      {
        ...environment,
        VK_DRIVER_FILES: join(drivers, driver),
        GGML_VK_VISIBLE_DEVICES: "0", // else ggml leaves devices out that are none of hardware
      },
    );
  const reference = logitsIn(score("off", {}));
  for (const [what, environment, tolerance] of arithmetics) {
    const printed = score("vulkan", environment);
    const apart = Math.max(...logitsIn(printed).map((logit, i) => Math.abs(logit - (reference[i] ?? NaN))));
    console.log(`Vulkan in ${what}: logits ${apart.toExponential(1)} from the processor's`);
    if (!/"backend":"vulkan/i.test(printed)) throw new Error("Expected it to run on Vulkan, but it did not");
    if (!(apart <= tolerance)) throw new Error(`The logits are further apart than ${tolerance}`);
  }
}
