import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * src/native/load.ts as JavaScript, for a process or thread that runs no TypeScript. As deep in the repository as src/,
 * from which it finds the addon.
 */
export function addonModule(): string {
  const file = "build/addonModule.js";
  buildSync({
    absWorkingDir: root,
    entryPoints: ["src/native/load.ts"],
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
  });
  return new URL(`../../${file}`, import.meta.url).href;
}
