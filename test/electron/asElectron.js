// Makes of a Node process what Electron makes of its main process, or of a utility process, as far as tonescore can tell.
// For `node --import`.
import { fork } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const ARCHIVE = /\.asar(?=[\\/])/;

/** What was left out of the archive is loaded from beside it; what was not is copied out of it, by itself. @param {string} path */
function loadable(path) {
  if (!ARCHIVE.test(path)) return path;
  const outside = path.replace(ARCHIVE, ".asar.unpacked");
  if (existsSync(outside)) return outside;
  const alone = join(mkdtempSync(join(tmpdir(), "as-electron-")), basename(path));
  copyFileSync(path, alone);
  return alone;
}

const dlopen = process.dlopen.bind(process);
/** @param {object} module @param {string} path @param {number[]} flags */
process.dlopen = (module, path, ...flags) => {
  dlopen(module, loadable(path), ...flags);
};

/** `fork()` in place of a utility process: it has messages and an error pipe, too. */
const utilityProcess = {
  /** @param {string} path @param {string[]} args @param {{ env: NodeJS.ProcessEnv }} options */
  fork(path, args, { env }) {
    const child = fork(path, args, {
      env,
      execArgv: ["--import", import.meta.url],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    /** @param {import("node:child_process").Serializable} message */
    const postMessage = (message) => child.send(message);
    return Object.assign(child, { postMessage });
  },
};

const loader = /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown }} */ (
  /** @type {unknown} */ (Module)
);
const load = loader._load;
/** @param {string} request @param {unknown[]} rest */
loader._load = (request, ...rest) => (request === "electron" ? { utilityProcess } : load(request, ...rest));

const isUtility = process.send !== undefined;
/** @param {unknown} message */
const postMessage = (message) => process.send?.(message);
/** @param {"message"} event @param {(event: { data: unknown }) => void} listener */
const on = (event, listener) =>
  process.on(event, (data) => {
    listener({ data });
  });
Object.defineProperty(process.versions, "electron", { value: "0.0.0" });
Object.assign(process, {
  type: isUtility ? "utility" : "browser",
  ...(isUtility && { parentPort: { postMessage, on } }),
});
