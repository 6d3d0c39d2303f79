import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Of the clone. */
export const root = fileURLToPath(new URL("../", import.meta.url));

export const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
};

const { platform, arch } = process;
const isGlibc = "glibcVersionRuntime" in (process.report.getReport() as { header: object }).header;

/** The name of the package with this platform's addon. */
export const ownPackage = `@tonescore/${platform}-${arch}${platform === "linux" ? (isGlibc ? "-gnu" : "-musl") : ""}`;

/** What npm would leave in a stranger's node_modules, less sharp, with the addon that this clone has built. */
export function installInto(modules: string): void {
  for (const part of ["dist", "models", "package.json"])
    cpSync(join(root, part), join(modules, "tonescore", part), { recursive: true });
  cpSync(join(root, "build", "Release"), join(modules, ownPackage), { recursive: true });
  writeFileSync(
    join(modules, ownPackage, "package.json"),
    JSON.stringify({ name: ownPackage, version, exports: { "./tonescore.node": "./tonescore.node" } }),
  );
}
