import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ScorerOptions } from "../src/index.js";

const program = fileURLToPath(new URL("needProgram.ts", import.meta.url));
const POLL_MS = 5;

const fieldOf = (text: string, name: string): number =>
  1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);

const statusOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
};

/** What of the pages that a process maps are a model's, in bytes: all that are resident, and those that were read lately. */
function mapped(pid: number, model: string): { resident: number; read: number } {
  const parts = readFileSync(`/proc/${pid}/smaps`, "utf8").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const ofModel = parts.filter((part) => part.split("\n", 1)[0]?.endsWith(model));
  const sum = (name: string): number => ofModel.reduce((total, part) => total + fieldOf(part, name), 0);
  return { resident: sum("Rss"), read: sum("Referenced") };
}

/** What a picture takes. */
interface Used {
  readonly bytes: number;
  /** For one more. */
  readonly milliseconds: number;
}

/**
 * The bytes that a process takes at most beyond what it had before it opened a model, while it scores a picture twice: its own, and
 * those pages of the model's file that scoring reads. Other pages of it the system takes back where it has use for them:
 * those of weights that were laid out anew, when the model was loaded. With little memory none are, and all count that are
 * there at once. Linux only.
 */
export async function memoryUsed(options: ScorerOptions, picture: string): Promise<Used> {
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(options), picture], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const pid = child.pid ?? 0;
  const filesIn = (): number => fieldOf(statusOf(pid), "RssFile");
  let [peak, all] = [0, 0];
  const look = (): void => {
    const status = statusOf(pid);
    const own = fieldOf(status, "RssAnon");
    peak = Math.max(peak, own);
    all = Math.max(all, own + fieldOf(status, "RssFile"));
  };
  const timer = setInterval(look, POLL_MS);
  let [before, files, milliseconds] = [0, 0, 0];
  try {
    for await (const word of createInterface(child.stdout)) {
      look();
      if (word === "begins") before = fieldOf(statusOf(pid), "RssAnon") + filesIn();
      if (word === "loaded") writeFileSync(`/proc/${pid}/clear_refs`, "1");
      if (word === "scored") {
        const { resident, read } = mapped(pid, options.model ?? "");
        files = filesIn() - resident + read;
      }
      milliseconds = Number(/^again (.*)$/.exec(word)?.[1] ?? 0);
      child.stdin.write("\n");
    }
    await ended(child);
  } finally {
    clearInterval(timer);
  }
  return { bytes: (options.lowMemory === true ? all : peak + files) - before, milliseconds };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== 0)
    throw new Error(`Expected exit code 0, but it was ${child.exitCode ?? "a signal"}`);
}
