import { createPackageWithOptions } from "@electron/asar";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installInto, root } from "../installation.js";

/** Prints what came of a picture or a clip. */
const PROGRAM = `
import { createScorer } from "tonescore";
const [, , file, options] = process.argv;
try {
  const scorer = await createScorer(JSON.parse(options));
  for await (const { score, error } of scorer.scoreAll([file])) console.log(JSON.stringify(error ?? { score }));
  await scorer.close();
} catch ({ code, message }) {
  console.log(JSON.stringify({ code, message }));
}`;

const electron = new URL("asElectron.js", import.meta.url).href;

/** Files that JavaScript does not read. */
const NATIVE = /\.(gguf|node|so|dylib|dll)(\.\d+)*$/;

export interface Outcome {
  readonly score?: number;
  readonly code?: string;
  readonly message?: string;
}

/**
 * An app with tonescore in an archive, as Electron apps are packed, which Node runs in Electron's place. Node reads no
 * archives: where one was, a folder has what it held, but for what only native code opens.
 */
export class PackedApp {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "tonescore-electron-")));
  readonly #app = join(this.#folder, "app");
  readonly #resources = join(this.#folder, "resources");

  constructor() {
    const modules = join(this.#app, "node_modules");
    installInto(modules);
    for (const name of ["sharp", "@img", "detect-libc", "semver"])
      cpSync(join(root, "node_modules", name), join(modules, name), { recursive: true });
    writeFileSync(join(this.#app, "package.json"), '{"name": "app", "type": "module"}');
    writeFileSync(join(this.#app, "main.js"), PROGRAM);
  }

  /** @param unpack which files are left out of the archive, as a glob */
  async pack(unpack: string): Promise<void> {
    rmSync(this.#resources, { recursive: true, force: true });
    const archive = join(this.#resources, "app.asar");
    await createPackageWithOptions(this.#app, archive, { unpack });
    rmSync(archive);
    cpSync(this.#app, archive, { recursive: true });
    for (const file of readdirSync(archive, { recursive: true, encoding: "utf8" }))
      if (NATIVE.test(file)) writeFileSync(join(archive, file), "what native code sees of an archive");
  }

  /** Scores one of the examples. */
  score(file: string, options: object): Outcome {
    const main = join(this.#resources, "app.asar", "main.js");
    const args = ["--import", electron, main, join(root, "examples", file), JSON.stringify(options)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as Outcome;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
