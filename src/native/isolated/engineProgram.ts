/** The program of the engine's process. */
import { openInProcess } from "../inProcess.js";
import { nativeAddon } from "../load.js";
import { holdLifeline, hostChannel } from "./hostChannel.js";
import { serve } from "./serve.js";

serve(hostChannel(), async (options) => {
  const addon = nativeAddon();
  holdLifeline(addon);
  addon.keepLessMemory();
  return openInProcess(options);
});
