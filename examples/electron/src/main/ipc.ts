import { BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from "electron";
import { isChoice, pathsFrom } from "./arguments.js";
import { PAGE } from "./pageProtocol.js";
import type { Scoring } from "./scoring.js";

/** The channels that there are; nothing else is listened to. */
const channels = { score, choose, cancel };

type Handler = (scoring: Scoring, event: IpcMainInvokeEvent, argument: unknown) => Promise<void>;

async function score(scoring: Scoring, _event: IpcMainInvokeEvent, argument: unknown): Promise<void> {
  await scoring.run(pathsFrom(argument));
}

async function choose(scoring: Scoring, event: IpcMainInvokeEvent, argument: unknown): Promise<void> {
  if (!isChoice(argument)) throw new TypeError("Expected files or folder");
  const window = BrowserWindow.fromWebContents(event.sender);
  if (!window) return;
  const properties =
    argument === "folder"
      ? (["openDirectory", "multiSelections"] as const)
      : (["openFile", "multiSelections"] as const);
  const { filePaths } = await dialog.showOpenDialog(window, { properties: [...properties] });
  if (filePaths.length > 0) await scoring.run(filePaths);
}

function cancel(scoring: Scoring): Promise<void> {
  scoring.cancel();
  return Promise.resolve();
}

export function answerPage(scoring: Scoring): void {
  for (const [channel, handler] of Object.entries<Handler>(channels))
    ipcMain.handle(channel, async (event, argument: unknown) => {
      if (event.senderFrame?.url !== PAGE || event.senderFrame.parent !== null)
        throw new Error("Only the page itself may ask");
      await handler(scoring, event, argument);
    });
}
