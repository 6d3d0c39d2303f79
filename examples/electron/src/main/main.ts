import { app, BrowserWindow } from "electron";
import { refuseTheRest } from "./guard.js";
import { answerPage } from "./ipc.js";
import { registerScheme, servePage } from "./pageProtocol.js";
import { Scoring } from "./scoring.js";
import { openWindow } from "./window.js";

registerScheme();
app.enableSandbox();
app.on("web-contents-created", (_event, contents) => {
  refuseTheRest(contents);
});

void app.whenReady().then(() => {
  const scoring = new Scoring((update) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send("update", update);
  });
  servePage(scoring);
  answerPage(scoring);
  openWindow();
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on("window-all-closed", () => {
    scoring.cancel();
    if (process.platform !== "darwin") app.quit();
  });
});
