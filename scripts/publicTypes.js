// Keeps of the declarations those that the library's own lead to.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** @param {string} output the folder of index.d.ts @throws {Error} where one leads to a package: its users have none. */
export function keepPublicTypes(output) {
  /** @type {Set<string>} */
  const kept = new Set();
  /** @param {string} file */
  const follow = (file) => {
    if (kept.has(file)) return;
    kept.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (fileName.startsWith("node:")) continue;
      if (!fileName.startsWith(".")) throw new Error(`${file} imports types of ${fileName}`);
      follow(join(dirname(file), fileName.replace(/\.js$/, ".d.ts")));
    }
  };
  follow(join(output, "index.d.ts"));
  for (const path of readdirSync(output, { recursive: true, encoding: "utf8" })) {
    const file = join(output, path);
    if (file.endsWith(".d.ts") && !kept.has(file)) rmSync(file);
  }
}
