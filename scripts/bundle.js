// JavaScript in a few files, with what is used of the packages that are JavaScript alone.
import { join, relative } from "node:path";
import { rolldown } from "rolldown";
import { copyLicences } from "./bundledLicences.js";

/** What is started, or imported, by its own path. */
const entries = [
  ...["index", "cli/main", "media/image/threadProgram", "cli/commands/doctor/probeProgram"],
  ...["native/isolated/engineProgram", "importing/quantise/quantiseProgram"],
];

/**
 * What is loaded together, statically or not, lies in one file: each file more takes its time at a start. The programs
 * come first, which are started themselves and are to find little besides what they need; what help needs is apart from
 * what scoring needs, and what loads sharp from what is done before.
 */
const together = {
  engine: ["native/isolated/engineProgram"],
  thread: ["media/image/threadProgram"],
  cli: ["cli/main", "cli/terminal/io", "cli/run"],
  score: [
    ...["cli/commands/score/score", "scorer/createScorer"],
    ...["native/load", "native/inProcess", "native/isolated/isolatedEngine"],
  ],
  decode: ["media/image/decodeImage"],
};

/** The modules that these come with, themselves included. */
class Reachable {
  /** @type {Set<string> | undefined} */
  #found;

  /** @param {readonly string[]} roots */
  constructor(roots) {
    this.roots = roots;
  }

  /** @param {string} id @param {import("rolldown").ChunkingContext} context */
  has(id, context) {
    this.#found ??= this.#find(context);
    return this.#found.has(id);
  }

  /** @param {import("rolldown").ChunkingContext} context */
  #find(context) {
    const found = new Set(this.roots);
    for (const id of found) {
      const module = context.getModuleInfo(id);
      if (!module) throw new Error(`${id} is no module of the library`);
      for (const imported of module.importedIds) found.add(imported);
    }
    return found;
  }
}

/** @param {string} source @param {string} root */
const moduleOf = (source, root) => join(root, "src", `${source}.ts`);

/** An entry is a file of its own, and shared ones lie in dist/ itself, as src/places.ts asks. @param {string} root */
function groups(root) {
  const own = new Set(entries.map((entry) => moduleOf(entry, root)));
  return Object.entries(together).map(([name, sources], index, all) => {
    const reachable = new Reachable(sources.map((source) => moduleOf(source, root)));
    return {
      priority: all.length - index,
      debugName: name,
      /** @param {string} id @param {import("rolldown").ChunkingContext} context */
      name: (id, context) => (!own.has(id) && reachable.has(id, context) ? name : null),
    };
  });
}

/** @param {string} root of the repository @param {string} output its dist/ */
export async function bundle(root, output) {
  const bundled = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    external: ["sharp", /^@tonescore\//],
    platform: "node",
    preserveEntrySignatures: "allow-extension",
    transform: { target: "node20.19", define: { "process.env.NODE_ENV": '"production"' } },
    // What is loaded late from source is loaded late where nothing else has it; else it is there already.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output: files } = await bundled.write({
    dir: output,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: { groups: groups(root), includeDependenciesRecursively: false },
    // Names stay, for whoever reads the stack of an error.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    comments: false, // all licences are copied
  });
  await bundled.close();
  const modules = files.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  copyLicences(
    root,
    modules.map((module) => relative(root, module)),
    join(output, "licenses"),
  );
}
