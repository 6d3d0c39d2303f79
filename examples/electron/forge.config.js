// For Electron Forge, where it is preferred to electron-builder: npx electron-forge make
import { readFileSync } from "node:fs";

/** @type {{ build: { asarUnpack: string[] } }} */
const { build } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

export default {
  packagerConfig: {
    // Native code cannot read an archive: the one list of what is left out of it stands in package.json.
    asar: { unpack: `**/{${build.asarUnpack.join(",")}}` },
    ignore: [/^\/src\//, /\.map$/, /tsconfig\.json$/],
  },
  // Node-API is the same in Electron as in Node.
  rebuildConfig: { onlyModules: [] },
  makers: [{ name: "@electron-forge/maker-zip", platforms: ["darwin", "linux", "win32"] }],
};
