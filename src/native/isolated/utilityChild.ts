import { fileURLToPath } from "node:url";
import { LastWords } from "../../util/lastWords.js";
import type { Child } from "./startChild.js";

/** Electron's, as far as it is used here. */
export interface UtilityProcess {
  fork(
    path: string,
    args: string[],
    options: {
      readonly serviceName: string;
      readonly stdio: ("ignore" | "pipe")[];
      readonly env: NodeJS.ProcessEnv;
    },
  ): UtilityChild;
}

export interface UtilityChild {
  readonly pid: number | undefined;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: Uint8Array) => void): unknown;
  once(event: "exit", listener: (code: number) => void): unknown;
  once(event: "spawn", listener: () => void): unknown;
}

/** Messages take the place of the pipe. Electron ends its utility processes with itself, and stays for none. */
export function startUtility(utility: UtilityProcess, program: URL): Child {
  const child = utility.fork(fileURLToPath(program), [], {
    serviceName: "tonescore",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, GGML_NO_BACKTRACE: "1" },
  });
  const words = new LastWords(child.stderr);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code) => {
      resolve(words.after(`exit code ${code}`));
    });
  });
  const end = (): void => {
    if (child.pid !== undefined) process.kill(child.pid, "SIGKILL");
  };
  return {
    channel: {
      write: (bytes, onThrough) => {
        child.postMessage(bytes); // a copy
        onThrough?.();
      },
      onBytes: (listener) => void child.on("message", listener),
    },
    ended,
    keepAlive: () => undefined,
    kill: () => {
      if (child.pid === undefined) child.once("spawn", end);
      else end();
    },
  };
}
