/** The program of the engine's process. */
import { openInProcess } from "../inProcess.js";
import { nativeAddon } from "../load.js";
import { hostChannel } from "./hostChannel.js";
import { serve } from "./serve.js";

serve(hostChannel(), async (options) => {
  nativeAddon().keepLessMemory();
  return openInProcess(options);
});
