/** The one thing between the page and the main process. It runs in the page's sandbox, in a world of its own. */
import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { Bridge, Update } from "../shared/bridge.cjs";

const bridge: Bridge = {
  // A file that a script made, and not the user, has no path.
  score: (files) =>
    ipcRenderer.invoke(
      "score",
      files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ""),
    ) as Promise<void>,
  choose: (what) => ipcRenderer.invoke("choose", what) as Promise<void>,
  cancel: () => ipcRenderer.invoke("cancel") as Promise<void>,
  onUpdate: (listener) => {
    ipcRenderer.on("update", (_event, update: Update) => {
      listener(update);
    });
  },
};

contextBridge.exposeInMainWorld("tonescore", bridge);
