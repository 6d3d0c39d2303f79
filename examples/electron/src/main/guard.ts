import type { WebContents } from "electron";
import { PAGE } from "./pageProtocol.js";

/** The page goes nowhere, opens nothing, and is allowed nothing. */
export function refuseTheRest(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  for (const event of ["will-navigate", "will-redirect", "will-frame-navigate"] as const)
    contents.on(event as "will-navigate", (details) => {
      if (details.url !== PAGE) details.preventDefault();
    });
  contents.on("will-attach-webview", (details) => {
    details.preventDefault();
  });
  contents.session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  contents.session.setPermissionCheckHandler(() => false);
}
