/** Electron keeps files that are opened by native code, or started, beside its archive and not in it. */
export const outsideArchive = (path: string): string => path.replace(/\.asar(?=[\\/])/, ".asar.unpacked");
