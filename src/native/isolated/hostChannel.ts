import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";
import type { NativeAddon } from "../addon.js";
import type { Channel } from "./frames.js";

/** Of an Electron utility process, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { readonly data: Uint8Array }) => void): void;
}

/** The pipe to the host; nothing else of this process writes to it. Standard input is the lifeline. */
const HOST_PIPE = 3;

/** As much as the system holds of a pipe: each read wakes both processes, and a picture is many of a stream's own size. */
const READ_BYTES = 2 ** 18;

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
  let hear: Parameters<Channel["onBytes"]>[0] = () => undefined;
  const buffer = new Uint8Array(READ_BYTES);
  const callback = (count: number): true => {
    hear(buffer.subarray(0, count));
    return true;
  };
  const options: SocketConstructorOpts & ConnectOpts = { fd: HOST_PIPE, onread: { buffer, callback } };
  const socket = new Socket(options);
  socket.on("error", end).on("close", end);
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => {
      hear = listener;
      socket.resume();
    },
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
