import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { program } from "../sandbox.js";

export type Product = ChildProcessByStdio<null, Readable, Readable>;

export const start = (args: readonly string[]): Product =>
  spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ended(child: Product): Promise<End> {
  const exit = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const [[code, signal], stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { code, signal, stdout, stderr };
}

export const run = (args: readonly string[]): Promise<End> => ended(start(args));

/** Bytes that a process holds in memory now; undefined where the system does not tell. */
export function residentBytes(pid: number | undefined): number | undefined {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return found === undefined ? undefined : 1024 * Number(found);
  } catch {
    return undefined;
  }
}

/** The results in NDJSON by path, as text: equal text is equal to the bit. */
function resultLines(ndjson: string): Map<string, string[]> {
  const byPath = new Map<string, string[]>();
  for (const line of ndjson.split("\n").filter(Boolean)) {
    const { type, input } = JSON.parse(line) as { type: string; input?: { path?: string } };
    if (type === "header") continue;
    const path = input?.path ?? "";
    byPath.set(path, [...(byPath.get(path) ?? []), line]);
  }
  return byPath;
}

/** How the results of a run differ from those that an undisturbed one wrote. */
export function differences(expected: string, actual: string): string[] {
  const [wanted, found] = [resultLines(expected), resultLines(actual)];
  const extra = [...found.keys()].filter((path) => !wanted.has(path)).map((path) => `${path} is new`);
  const wrong = [...wanted].flatMap(([path, [line]]) => {
    const lines = found.get(path) ?? [];
    if (lines.length !== 1) return [`${path} has ${lines.length} rows`];
    return lines[0] === line ? [] : [`${path} has another result`];
  });
  return [...extra, ...wrong];
}
