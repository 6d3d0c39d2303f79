import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { join } from "node:path";

/** Where the kernel shows a hierarchy of control groups, and what its files are called. */
interface Hierarchy {
  readonly mount: string;
  readonly limit: string;
  readonly used: string;
  /** The lines of memory.stat that count pages of files, which the kernel takes back before it refuses memory. */
  readonly files: readonly string[];
}

const second: Hierarchy = {
  mount: "sys/fs/cgroup",
  limit: "memory.max",
  used: "memory.current",
  files: ["inactive_file", "active_file"],
};
const first: Hierarchy = {
  mount: "sys/fs/cgroup/memory",
  limit: "memory.limit_in_bytes",
  used: "memory.usage_in_bytes",
  files: ["total_inactive_file", "total_active_file"],
};

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Infinity where a group has no limit, or is not shown. */
function leftIn(folder: string, { limit, used, files }: Hierarchy): number {
  const most = Number.parseInt(read(join(folder, limit)), 10);
  const taken = Number.parseInt(read(join(folder, used)), 10);
  if (!Number.isFinite(most) || !Number.isFinite(taken)) return Infinity;
  const stat = read(join(folder, "memory.stat"));
  const reclaimable = files.map((name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? 0));
  return Math.max(0, most - taken + reclaimable.reduce((sum, bytes) => sum + bytes, 0));
}

/** A process's group and all those that it is in; a container may show none but the outermost. */
function groups(root: string): { folder: string; hierarchy: Hierarchy }[] {
  return read(join(root, "proc/self/cgroup"))
    .split("\n")
    .flatMap((line) => {
      const [, controllers = "-", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      const hierarchy =
        controllers === "" ? second : controllers.split(",").includes("memory") ? first : undefined;
      if (!hierarchy) return [];
      const names = path.split("/").filter((name) => name !== "" && name !== "..");
      return [...names, ""].map((_, depth) => ({
        folder: join(root, hierarchy.mount, ...names.slice(0, depth)),
        hierarchy,
      }));
    });
}

function leftInMachine(root: string, platform: NodeJS.Platform): number {
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(read(join(root, "proc/meminfo"))) ?? [];
  if (kilobytes !== undefined) return 1024 * Number(kilobytes);
  // macOS counts as free only what it has no use for at all.
  return platform === "darwin" ? totalmem() : freemem();
}

/**
 * Bytes that this process can still take before the system swaps, or ends it: what the machine has left, or the control
 * group that leaves the least.
 * @param root stands in for the root of the file system
 */
export function availableMemory(root = "/", platform = process.platform): number {
  const left = leftInMachine(root, platform);
  if (platform !== "linux") return left;
  return Math.min(left, ...groups(root).map(({ folder, hierarchy }) => leftIn(folder, hierarchy)));
}
