import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context.js";
import { root } from "./paths.js";

/** Runs our built command line on `input`, its results going nowhere. */
export function spawnCli({ model, threads }: Context, input: string, ...more: string[]): ChildProcess {
  const files = ["--model", model.model, "--mmproj", model.mmproj];
  const settings = ["--threads", String(threads), "--gpu", "off", "--format", "ndjson", "--quiet", ...more];
  return spawn(process.execPath, [join(root, "dist", "cli", "main.js"), input, ...files, ...settings], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** @throws where it did not end well. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await once(child, "exit");
  if (child.exitCode !== 0)
    throw new Error(`Expected exit code 0, but it was ${child.exitCode ?? "a signal"}`);
}

/** The most memory that a process has had resident so far, in MB; undefined once it is gone. */
export async function peakMemory({ pid }: ChildProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
}
