// The folder that is published: the program, licences, and where the source is.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchedVersions } from "./sources.js";

const here = dirname(fileURLToPath(import.meta.url));

/** The archives of Debian's that `apt-get source` has brought. @param {string} folder */
export const archivesIn = (folder) =>
  readdirSync(folder)
    .filter((file) => /\.(dsc|tar\.\w+)$/.test(file))
    .sort();

/** @param {string} folder */
function sourceList(folder) {
  const packages = fetchedVersions(folder).map((version) => `${version}\n`);
  const files = archivesIn(folder).map((file) => {
    const hash = createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
    return `${hash}  ${file}\n`;
  });
  return ["Debian's source packages:\n\n", ...packages, "\nTheir files, with SHA-256:\n\n", ...files].join(
    "",
  );
}

/**
 * @param {object} made
 * @param {string} made.program
 * @param {string} made.arch as Node names it
 * @param {ReturnType<typeof import("../../scripts/package/manifest.js").readManifest>} made.manifest of tonescore
 * @param {string} made.archives the folder of the sources' archives
 * @param {Record<"ffmpeg" | "dav1d" | "zimg" | "zlib", string>} made.sources their folders
 * @param {string} made.library the folder of the compiler's libraries
 * @param {string} to the folder, which is made anew
 */
export function stage({ program, arch, manifest: own, archives, sources, library }, to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, "licenses"), { recursive: true });
  copyFileSync(program, join(to, "ffmpeg"));
  copyFileSync(join(here, "README.md"), join(to, "README.md"));
  copyFileSync(join(sources.ffmpeg, "COPYING.LGPLv2.1"), join(to, "LICENSE"));
  const licences = {
    dav1d: join(sources.dav1d, "COPYING"),
    zimg: join(sources.zimg, "COPYING"),
    zlib: join(sources.zlib, "README"),
    musl: join(library, "libc", "musl", "COPYRIGHT"),
    llvm: join(library, "libunwind", "LICENSE.TXT"),
  };
  for (const [name, file] of Object.entries(licences)) copyFileSync(file, join(to, "licenses", name));
  writeFileSync(join(to, "SOURCES"), sourceList(archives));
  const manifest = {
    name: `@tonescore/ffmpeg-linux-${arch}`,
    version: own.version,
    repository: own.repository,
    homepage: own.homepage,
    bugs: own.bugs,
    description: "A small ffmpeg for tonescore: decoders only, no network",
    license: "LGPL-2.1-or-later",
    os: ["linux"],
    cpu: [arch],
    exports: { "./ffmpeg": "./ffmpeg", "./package.json": "./package.json" },
    preferUnplugged: true,
  };
  writeFileSync(join(to, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
