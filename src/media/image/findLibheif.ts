import { findPackage, type InstalledPackage } from "../../util/installedPackage.js";

/** The libheif, compiled to WebAssembly, that the user installed beside tonescore. */
export const findLibheif = (): InstalledPackage | undefined =>
  findPackage("libheif-js", "libheif-wasm/libheif.wasm");
