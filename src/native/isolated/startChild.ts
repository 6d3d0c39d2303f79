import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Channel } from "./frames.js";
import { LastWords } from "../../util/lastWords.js";
import { startUtility, type UtilityProcess } from "./utilityChild.js";

/** A process that runs an engine. It ends with this one, however this one ends. */
export interface Child {
  readonly channel: Channel;
  /** Settles when it is gone, with what ended it, in words. */
  readonly ended: Promise<string>;
  /** Whether this process has to stay for it. */
  keepAlive(wanted: boolean): void;
  kill(): void;
}

/** How long a pipe is read after the process is gone, in case another has it too. */
const REST_MS = 500;

/** Certificates of one's own would be read at every start, which takes its time: an engine opens no connection. */
const ENVIRONMENT = { NODE_EXTRA_CA_CERTS: undefined, GGML_NO_BACKTRACE: "1", ELECTRON_RUN_AS_NODE: "1" };

/** Where this is Electron's main process; where Electron runs as Node, it has no module of that name. */
function utilityProcess(): UtilityProcess | undefined {
  if ((process as { type?: string }).type !== "browser") return undefined;
  const electron = createRequire(import.meta.url)("electron") as { utilityProcess?: UtilityProcess };
  return electron.utilityProcess;
}

/**
 * Starts a program of ours in a process of its own.
 * @throws {Error} where the system does not let it.
 */
export async function startChild(program: URL): Promise<Child> {
  const utility = utilityProcess();
  return utility ? startUtility(utility, program) : startProcess(program);
}

/** Started from source (a clone's tests) it needs the loader that runs this process; nothing else is handed on. */
const nodeOptions = (program: URL): readonly string[] =>
  program.pathname.endsWith(".ts") ? process.execArgv : [];

async function startProcess(program: URL): Promise<Child> {
  const child = spawn(process.execPath, [...nodeOptions(program), fileURLToPath(program)], {
    windowsHide: true,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["pipe", "ignore", "pipe", "pipe"],
  });
  const words = new LastWords(child.stderr);
  const pipes = child.stdio.filter((pipe) => pipe instanceof Socket);
  const host = pipes.at(-1) ?? new Socket();
  for (const pipe of pipes) pipe.on("error", () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", () => {
      setTimeout(() => {
        for (const pipe of pipes) pipe.destroy();
      }, REST_MS).unref();
    });
    child.once("close", (code, signal) => {
      resolve(words.after(signal ?? `exit code ${code}`));
    });
  });
  const keepAlive = (wanted: boolean): void => {
    // The error pipe, too: without its end there is no end of the process.
    for (const each of [child, ...pipes]) {
      if (wanted) each.ref();
      else each.unref();
    }
  };
  await once(child, "spawn");
  keepAlive(false); // nothing is asked of it yet
  return {
    channel: {
      write: (bytes, onThrough) => {
        host.write(bytes, (error) => {
          if (!error) onThrough?.();
        });
      },
      onBytes: (listener) => void host.on("data", listener),
    },
    ended,
    keepAlive,
    kill: () => {
      keepAlive(true); // until its pipes have ended, too
      child.kill("SIGKILL");
    },
  };
}
