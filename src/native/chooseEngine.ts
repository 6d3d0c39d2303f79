import type { OpenEngine } from "./engine.js";

/** Where a model is to run. Only what that takes is loaded: the host of an isolated engine never has the addon. */
export const chooseEngine = async (isolate: boolean): Promise<OpenEngine> =>
  isolate
    ? (await import("./isolated/isolatedEngine.js")).openIsolated
    : (await import("./inProcess.js")).openInProcess;
