import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** How one version of the kernel's control groups says these things. */
interface Version {
  readonly name: string;
  readonly root: string;
  /** Each file that the limit is written to, and what; without swap. */
  readonly limit: (bytes: number) => Readonly<Record<string, string>>;
  readonly peak: string;
  /** What no file has: it cannot be dropped and read again. */
  readonly anonymous: RegExp;
  readonly kills: string;
}

const versions: readonly Version[] = [
  {
    name: "cgroup v2 (memory.max, memory.swap.max=0)",
    root: "/sys/fs/cgroup",
    limit: (bytes) => ({ "memory.max": String(bytes), "memory.swap.max": "0" }),
    peak: "memory.peak",
    anonymous: /^anon (\d+)$/m,
    kills: "memory.events",
  },
  {
    name: "cgroup v1 (memory.limit_in_bytes, memory.memsw.limit_in_bytes)",
    root: "/sys/fs/cgroup/memory",
    limit: (bytes) => ({
      "memory.limit_in_bytes": String(bytes),
      "memory.memsw.limit_in_bytes": String(bytes),
    }),
    peak: "memory.max_usage_in_bytes",
    anonymous: /^total_rss (\d+)$/m,
    kills: "memory.oom_control",
  },
];

const SAMPLE_MS = 5;

/** What became of a command and all that it started. */
export interface Outcome {
  readonly output: string;
  readonly milliseconds: number;
  /** At most, of all its processes, in bytes: without files, sampled, and with those that it read or mapped. */
  readonly anonymous: number;
  readonly peak: number;
  /** A process was killed for want of memory. */
  readonly killed: boolean;
}

function findVersion(): Version {
  const controllers = "/sys/fs/cgroup/cgroup.controllers";
  const has2 = existsSync(controllers) && readFileSync(controllers, "utf8").split(/\s/).includes("memory");
  const found = versions.find(({ root }, index) => (index === 0 ? has2 : existsSync(root)));
  if (!found) throw new Error("Expected control groups with a memory controller, on Linux");
  return found;
}

export const version = findVersion();

/** Processes that the command has left behind end by themselves, a little later. */
async function removeGroup(group: string): Promise<void> {
  for (let tries = 0; readFileSync(join(group, "cgroup.procs"), "utf8") !== "" && tries < 200; tries++)
    await sleep(SAMPLE_MS);
  rmdirSync(group);
}

/** Runs a command in a control group of its own that may take so much memory, all its processes together. */
export async function runWithin(
  bytes: number,
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const group = join(version.root, `tonescore-bench-${process.pid}`);
  const read = (file: string): string => readFileSync(join(group, file), "utf8");
  mkdirSync(group);
  try {
    for (const [file, value] of Object.entries(version.limit(bytes))) writeFileSync(join(group, file), value);
    const begin = performance.now();
    const enter = ["-c", 'echo $$ > "$0" && exec "$@"', join(group, "cgroup.procs"), ...command];
    const child = spawn("/bin/sh", enter, { ...options, stdio: ["ignore", "pipe", "ignore"] });
    let anonymous = 0;
    const sampling = setInterval(() => {
      anonymous = Math.max(anonymous, Number(version.anonymous.exec(read("memory.stat"))?.[1]));
    }, SAMPLE_MS);
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    clearInterval(sampling);
    const milliseconds = performance.now() - begin;
    const killed = !/^oom_kill 0$/m.test(read(version.kills));
    return { output, milliseconds, anonymous, peak: Number(read(version.peak)), killed };
  } finally {
    await removeGroup(group);
  }
}
