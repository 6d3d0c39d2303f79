/** For whoever packs an Electron app: what native code opens, and what is started, cannot lie in its archive. */
export const unpackAdvice =
  "have the app's packer leave node_modules/{tonescore,@tonescore,sharp,@img}/** out of the archive: asarUnpack in electron-builder, asar.unpack in Electron Forge";
