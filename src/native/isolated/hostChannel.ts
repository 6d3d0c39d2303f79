import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { ownProgram } from "../../places.js";
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

/**
 * The way to the host that started this process, with which the process ends: by a thread of its own, in case the
 * others stand still.
 */
export function hostChannel(): Channel {
  for (const signal of STOP_SIGNALS) process.on(signal, () => undefined);
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) return portChannel(parentPort);
  new Worker(ownProgram("native/isolated/lifeline"), { execArgv: [] }).on("error", fail);
  process.on("uncaughtException", fail);
  const socket = new Socket({ fd: HOST_PIPE });
  socket.on("error", end).on("close", end);
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => void socket.on("data", listener),
  };
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

/** Node would wait for the lifeline's thread, which waits for the host. */
function fail(error: unknown): void {
  writeSync(2, error instanceof Error ? `${error.stack}\n` : `error: ${String(error)}\n`);
  end();
}
