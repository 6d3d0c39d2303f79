/** A thread of the engine's process: waits for standard input to end, which the host holds open and never writes to. */
import { readSync } from "node:fs";

try {
  readSync(0, new Uint8Array(1));
} finally {
  process.kill(process.pid, "SIGKILL");
}
