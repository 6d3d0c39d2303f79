import { createPackageWithOptions } from "@electron/asar";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
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
}
process.exit();`;

export interface Outcome {
  readonly score?: number;
  readonly code?: string;
  readonly message?: string;
}

/** An app with tonescore in an archive, as Electron apps are packed, which Node runs in Electron's place. */
export class PackedApp {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "tonescore-electron-")));
  readonly #packed = join(this.folder, "packed");
  readonly #archive = join(this.folder, "resources", "app.asar");

  constructor() {
    const modules = join(this.#packed, "node_modules");
    installInto(modules);
    for (const name of ["sharp", "@img", "detect-libc", "semver"])
      cpSync(join(root, "node_modules", name), join(modules, name), { recursive: true });
    writeFileSync(join(this.#packed, "package.json"), '{"name": "app", "type": "module"}');
    writeFileSync(join(this.#packed, "main.js"), PROGRAM);
  }

  /** @param unpack which files are left outside, as a glob */
  async pack(unpack: string): Promise<void> {
    rmSync(join(this.folder, "resources"), { recursive: true, force: true });
    await createPackageWithOptions(this.#packed, this.#archive, { unpack });
  }

  /** Scores one of the examples. */
  score(file: string, options: object, environment: NodeJS.ProcessEnv = {}): Outcome {
    const electron = new URL("asElectron.js", import.meta.url).href;
    const args = ["--import", electron, join(this.#archive, "main.js"), join(root, "examples", file)];
    const { stdout, stderr } = spawnSync(process.execPath, [...args, JSON.stringify(options)], {
      env: {
        ...process.env,
        ...environment,
        ...{ NODE_V8_COVERAGE: undefined, ARCHIVE: this.#archive, PACKED: this.#packed },
      },
      encoding: "utf8",
      timeout: 30_000,
    });
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as Outcome;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
