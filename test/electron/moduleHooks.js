// How Electron's Node finds and reads modules in an archive. Node itself looks for them in the folder that was packed.
import { fileURLToPath, pathToFileURL } from "node:url";
import { read, split } from "./archive.js";

/** @type {Set<unknown>} */
const READ_HERE = new Set(["module", "json"]);

/** @type {(url: string) => string} */
let toPacked = (url) => url;
/** @type {(url: string) => string} */
let toArchive = (url) => url;

/** @param {{ archive: string, packed: string }} folders */
export function initialize({ archive, packed }) {
  const [inside, outside] = [archive, packed].map((folder) => `${pathToFileURL(folder).href}/`);
  toPacked = (url) => url.replace(inside ?? "", outside ?? "");
  toArchive = (url) => url.replace(outside ?? "", inside ?? "");
}

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const { parentURL } = context;
  const parent = parentURL === undefined ? {} : { parentURL: toPacked(parentURL) };
  const found = await next(toPacked(specifier), { ...context, ...parent });
  // Node reads CommonJS by itself, and no archive.
  return READ_HERE.has(found.format) ? { ...found, url: toArchive(found.url) } : found;
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  const entry = url.startsWith("file:") ? split(fileURLToPath(url)) : undefined;
  if (!entry) return next(url, context);
  return { format: context.format ?? "module", source: read(entry), shortCircuit: true };
}
