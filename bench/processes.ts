import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.js";
import { root } from "./paths.js";

/** Of the machine that measures, not of those who use the product: Node reads such a file at every start. */
const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Runs our built command line on `input`, its results going nowhere. */
export function spawnCli({ model, threads }: Context, input: string, ...more: string[]): ChildProcess {
  const files = ["--model", model.model, "--mmproj", model.mmproj];
  const settings = [
    "--threads",
    String(threads),
    "--gpu",
    "off",
    "--views",
    "whole",
    "--format",
    "ndjson",
    "--quiet",
    ...more,
  ];
  return spawn(process.execPath, [join(root, "dist", "cli", "main.js"), input, ...files, ...settings], {
    stdio: ["ignore", "ignore", "inherit"],
    env,
  });
}

/** @throws where it did not end well. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await once(child, "exit");
  if (child.exitCode !== 0)
    throw new Error(`Expected exit code 0, but it was ${child.exitCode ?? "a signal"}`);
}

const POLL_MS = 10;

/** Resident memory in kB, of its own and of files that processes of the same program share. */
interface Resident {
  readonly own: number;
  readonly shared: number;
}

async function residentOf(pid: number): Promise<Resident[]> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const [status, children] = await Promise.all([read("status"), read(`task/${pid}/children`)]);
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  const own: Resident = { own: field("RssAnon"), shared: field("RssFile") + field("RssShmem") };
  const pids = children.split(" ").filter(Boolean).map(Number);
  return [own, ...(await Promise.all(pids.map(residentOf))).flat()];
}

/** The most memory that a process and those that it starts have resident until it ends, in MB. Linux only. */
export async function peakMemory(child: ChildProcess): Promise<number> {
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const all = await residentOf(child.pid ?? 0);
    const own = all.reduce((sum, each) => sum + each.own, 0);
    peak = Math.max(peak, own + Math.max(...all.map(({ shared }) => shared)));
    await sleep(POLL_MS);
  }
  return (peak * 1024) / 1e6;
}
