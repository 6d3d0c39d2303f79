import { Socket } from "node:net";
import type { NativeAddon } from "../addon.js";
import type { Channel } from "./frames.js";

/** Of an Electron utility process, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { readonly data: Uint8Array }) => void): void;
}

/** The pipe to the host; nothing else of this process writes to it. Standard input is the lifeline. */
const HOST_PIPE = 3;

/** What a terminal or a service manager sends to all processes of a run: the host decides what becomes of it. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const;

/** Ends this process, whatever its threads are doing; it holds nothing that has to be brought to an end. */
const end = (): void => {
  process.kill(process.pid, "SIGKILL");
};

const { parentPort } = process as { parentPort?: ParentPort };

/** The way to the host that started this process, with which the process ends. */
export function hostChannel(): Channel {
  for (const signal of STOP_SIGNALS) process.on(signal, () => undefined);
  if (parentPort) return portChannel(parentPort);
  const socket = new Socket({ fd: HOST_PIPE });
  socket.on("error", end).on("close", end);
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => void socket.on("data", listener),
  };
}

/** From here on it ends so even where its JavaScript stands still; Electron sees to that by itself. */
export function holdLifeline(addon: NativeAddon): void {
  if (!parentPort) addon.endWithHost();
}

const portChannel = (port: ParentPort): Channel => ({
  write: (bytes) => {
    port.postMessage(bytes);
  },
  onBytes: (listener) => {
    port.on("message", ({ data }) => {
      listener(data);
    });
  },
});
