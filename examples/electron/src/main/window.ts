import { BrowserWindow } from "electron";
import { fileURLToPath } from "node:url";
import { PAGE } from "./pageProtocol.js";

export function openWindow(): void {
  const window = new BrowserWindow({
    width: 960,
    height: 720,
    minWidth: 360,
    show: false,
    webPreferences: {
      preload: fileURLToPath(new URL("../preload/preload.cjs", import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  window.removeMenu();
  window.once("ready-to-show", () => {
    window.show();
  });
  void window.loadURL(PAGE);
}
