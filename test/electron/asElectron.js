// Makes of a process what Electron makes of its main process, or of a utility process, as far as tonescore is concerned:
// JavaScript reads archives, native code and the system do not. For `node --import`.
import childProcess from "node:child_process";
import fs from "node:fs";
import Module, { createRequire, register, syncBuiltinESMExports } from "node:module";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { list, read, split, stats, unpackedPath } from "./archive.js";

const { ARCHIVE: archive = "", PACKED: packed = "" } = process.env;

/** @typedef {import("./archive.js").Entry} Entry */
/** @typedef {(...args: unknown[]) => unknown} Function */

/** @param {Entry} entry */
function found(entry) {
  const known = stats(entry);
  if (known) return known;
  throw Object.assign(new Error(`ENOENT, ${entry.path} not found in ${entry.archive}`), { code: "ENOENT" });
}

/** A file that the system can open: what lies in the archive is copied out of it, alone. @param {Entry} entry */
function openable(entry) {
  if (found(entry).unpacked) return unpackedPath(entry);
  const copy = join(fs.mkdtempSync(join(dirname(packed), "copied-")), basename(entry.path));
  fs.writeFileSync(copy, read(entry));
  return copy;
}

/** @param {Entry} entry @param {unknown} options */
function readAs(entry, options) {
  found(entry);
  const bytes = read(entry);
  const encoding = /** @type {{ encoding?: BufferEncoding } | undefined} */ (options)?.encoding ?? options;
  return typeof encoding === "string" ? bytes.toString(/** @type {BufferEncoding} */ (encoding)) : bytes;
}

/** @param {Entry} entry */
function statsOf(entry) {
  const { isFolder, size } = found(entry);
  return {
    size,
    mtimeMs: 0,
    isFile: () => !isFolder,
    isDirectory: () => isFolder,
    isSymbolicLink: () => false,
  };
}

/** @param {Entry} entry */
function realPath(entry) {
  found(entry);
  return join(entry.archive, entry.path);
}

/** By the name of the function of `fs` that waits. @type {Record<string, (entry: Entry, options: unknown) => unknown>} */
const inArchive = {
  readFileSync: readAs,
  existsSync: (entry) => stats(entry) !== undefined,
  statSync: statsOf,
  lstatSync: statsOf,
  realpathSync: realPath,
  accessSync: found,
  readdirSync: list,
  openSync: (entry, flags) => fs.openSync(openable(entry), /** @type {string} */ (flags)),
};

/** @param {object} holder @param {string} name @param {(entry: Entry, ...rest: unknown[]) => unknown} instead @param {number} at which argument is the path */
function replace(holder, name, instead, at = 0) {
  const functions = /** @type {Record<string, Function>} */ (holder);
  const node = functions[name];
  if (!node) throw new Error(`There is no ${name}`);
  /** @this {unknown} @param {unknown[]} args */
  const replaced = function (...args) {
    const path = args[at] instanceof URL ? fileURLToPath(args[at]) : args[at];
    const entry = split(path);
    return entry
      ? instead(entry, ...args.slice(at + 1))
      : /** @type {unknown} */ (Reflect.apply(node, this, args));
  };
  functions[name] = Object.assign(replaced, node);
}

for (const [name, instead] of Object.entries(inArchive)) {
  replace(fs, name, instead);
  const later = name.replace("Sync", "");
  if (later in fs.promises)
    replace(
      fs.promises,
      later,
      (entry, options) =>
        new Promise((resolve) => {
          resolve(instead(entry, options));
        }),
    );
}
syncBuiltinESMExports();

const dlopen = process.dlopen.bind(process);
/** @param {object} module @param {string} path @param {number[]} flags */
process.dlopen = (module, path, ...flags) => {
  const entry = split(path);
  dlopen(module, entry ? openable(entry) : path, ...flags);
};

/** @type {(path: string) => string} */
const toPacked = (path) => (path.startsWith(archive + sep) ? packed + path.slice(archive.length) : path);
/** @type {(path: string) => string} */
const toArchive = (path) => (path.startsWith(packed + sep) ? archive + path.slice(packed.length) : path);

/**
 * What Node has for loading modules, and Electron's for its own.
 * @type {{ _resolveFilename: (request: string, parent: { filename?: string } | undefined, ...rest: unknown[]) => string,
 *   _load: (request: string, ...rest: unknown[]) => unknown }}
 */
const modules = /** @type {never} */ (Module);
const { _resolveFilename: resolve, _load: load } = modules;

modules._resolveFilename = (request, parent, ...rest) => {
  if (!parent?.filename?.startsWith(archive + sep)) return resolve(toPacked(request), parent, ...rest);
  return toArchive(createRequire(toPacked(parent.filename)).resolve(toPacked(request)));
};

/** `fork()` in place of a utility process, which has messages and an error pipe. */
const utilityProcess = {
  /** @param {string} path @param {string[]} args @param {{ env: NodeJS.ProcessEnv }} options */
  fork(path, args, { env }) {
    const child = childProcess.fork(path, args, {
      env,
      execArgv: ["--import", import.meta.url],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    return Object.assign(child, {
      /** @param {import("node:child_process").Serializable} message */
      postMessage: (message) => child.send(message),
    });
  },
};

const isNode = process.env.ELECTRON_RUN_AS_NODE !== undefined;
modules._load = (request, ...rest) =>
  request === "electron" && !isNode ? { utilityProcess } : load(request, ...rest);

const isUtility = process.send !== undefined;
Object.defineProperty(process.versions, "electron", { value: "0.0.0" });
if (!isNode) Object.assign(process, { type: isUtility ? "utility" : "browser" });
if (isUtility) {
  const parentPort = {
    /** @param {unknown} message */
    postMessage: (message) => process.send?.(message),
    /** @param {"message"} event @param {(event: { data: unknown }) => void} listener */
    on: (event, listener) =>
      process.on(event, (data) => {
        listener({ data });
      }),
  };
  Object.assign(process, { parentPort });
}

register("./moduleHooks.js", import.meta.url, { data: { archive, packed } });
