import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";

const require = createRequire(import.meta.url);
const NAME = "libheif-js";

/** An installed libheif, compiled to WebAssembly. */
export interface Libheif {
  readonly version: string;
  readonly folder: string;
}

/**
 * The libheif that the user installed beside tonescore, as its own dependencies are found: never from the working
 * directory, which relative elements of NODE_PATH would lead to.
 */
export function findLibheif(): Libheif | undefined {
  for (const parent of (require.resolve.paths(NAME) ?? []).filter(isAbsolute)) {
    const folder = join(parent, NAME);
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest) || !existsSync(join(folder, "libheif-wasm", "libheif.wasm"))) continue;
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return { version, folder };
  }
  return undefined;
}
