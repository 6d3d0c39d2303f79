import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How a run of the product went. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly hung: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** The most memory of the process, and of any that it started, in bytes; 0 where the system does not tell. */
  readonly peak: number;
  readonly peakOfChildren: number;
  /** Files that it left where it had no business to write. */
  readonly strays: readonly string[];
  /** Whether processes of its group outlived it. */
  readonly orphans: boolean;
}

const LOOK_EVERY_MS = 50;
const ORPHAN_GRACE_MS = 1000;

/** Folders of its own for runs of the product: inputs, outputs, and a working, home and temporary one that must stay empty. */
export class Sandbox {
  private constructor(readonly root: string) {}

  static async make(): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), "tonescore-hostile-")));
    for (const folder of ["in", "out", ...CANARIES]) await mkdir(sandbox.path(folder));
    return sandbox;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  async empty(): Promise<void> {
    for (const folder of ["in", "out", ...CANARIES]) {
      await rm(this.path(folder), { recursive: true, force: true });
      await mkdir(this.path(folder));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  /** Runs the command line as its user would, in a process group of its own. */
  async run(args: readonly string[], limitSeconds: number): Promise<Outcome> {
    const [cwd, home, temporary] = CANARIES.map((name) => this.path(name)) as [string, string, string];
    const start = performance.now();
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: temporary },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const pid = child.pid ?? 0;
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
    const memory = watchMemory(pid);
    let hung = false;
    const deadline = setTimeout(() => {
      hung = killGroup(pid);
    }, limitSeconds * 1000);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (...how) => {
        resolve(how);
      });
    });
    clearTimeout(deadline);
    const seconds = (performance.now() - start) / 1000;
    const orphans = !(await isGone(pid, ORPHAN_GRACE_MS));
    if (orphans) killGroup(pid);
    const strays = CANARIES.flatMap((name) => readdirSync(this.path(name)).map((file) => `${name}/${file}`));
    return {
      code,
      signal,
      hung,
      seconds,
      ...memory.stop(),
      strays,
      orphans,
      stdout: await stdout,
      stderr: await stderr,
    };
  }
}

const CANARIES = ["cwd", "home", "tmp"];

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

function killGroup(pid: number): boolean {
  try {
    return process.kill(-pid, "SIGKILL");
  } catch {
    return false;
  }
}

async function isGone(pid: number, graceMs: number): Promise<boolean> {
  for (const end = performance.now() + graceMs; ;) {
    try {
      process.kill(-pid, 0);
    } catch {
      return true;
    }
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Linux keeps the peak of each process; it is read while they are there. */
function watchMemory(pid: number): { stop(): { peak: number; peakOfChildren: number } } {
  let [peak, peakOfChildren] = [0, 0];
  const look = (): void => {
    peak = Math.max(peak, peakOf(pid));
    for (const child of childrenOf(pid)) peakOfChildren = Math.max(peakOfChildren, peakOf(child));
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return { peak, peakOfChildren };
    },
  };
}

function peakOf(pid: number): number {
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readProc(`${pid}/status`))?.[1] ?? 0);
}

const childrenOf = (pid: number): number[] =>
  readProc(`${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return ""; // gone, or another system
  }
}
