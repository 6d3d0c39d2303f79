import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import type { Section } from "../section.js";

interface ProcessorFacts {
  readonly model: string;
  readonly processors: number;
  /** That this process may use. */
  readonly usable: number;
  /** How many processors' time a container may take, where that is limited. */
  readonly quota: number | undefined;
  /** Of x86-64, 1 to 4: 3 has AVX2, 4 has AVX-512. */
  readonly level: number | undefined;
  /** Which of our kernels (native/graphs) are taken; undefined where that is not known. */
  readonly kernels: "avx512" | "avx2" | "baseline" | undefined;
}

/** What each level of x86-64 adds, as Linux names it. */
const LEVELS = [
  "cx16 popcnt sse4_1 sse4_2 ssse3",
  "avx avx2 bmi1 bmi2 f16c fma movbe",
  "avx512f avx512bw avx512cd avx512dq avx512vl",
];

type Flags = ReadonlySet<string>;

/** @param info the text of /proc/cpuinfo */
export const flagsIn = (info: string): Flags =>
  new Set(/^flags\s*:(.*)$/m.exec(info)?.[1]?.trim().split(/\s+/));

export function levelOf(flags: Flags): number | undefined {
  if (flags.size === 0) return undefined;
  const missing = LEVELS.findIndex((level) => !level.split(" ").every((flag) => flags.has(flag)));
  return missing < 0 ? LEVELS.length + 1 : missing + 1;
}

/** As native/graphs/functions.cc chooses them. */
export function kernelsOf(flags: Flags): ProcessorFacts["kernels"] {
  if (flags.size === 0) return undefined;
  if (flags.has("avx512f")) return "avx512";
  return flags.has("avx2") && flags.has("fma") ? "avx2" : "baseline";
}

/** @param max the text of a control group's cpu.max: microseconds in a period, and the period */
export function quotaOf(max: string): number | undefined {
  const [quota, period] = max.trim().split(" ").map(Number);
  return quota !== undefined && period !== undefined && quota > 0 ? quota / period : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function facts(): ProcessorFacts {
  const all = cpus();
  const flags = flagsIn(process.arch === "x64" ? read("/proc/cpuinfo") : "");
  return {
    model: all[0]?.model.trim() ?? "unknown",
    processors: all.length,
    usable: availableParallelism(),
    quota: quotaOf(read("/sys/fs/cgroup/cpu.max")),
    level: levelOf(flags),
    kernels: kernelsOf(flags),
  };
}

export function processor(found: ProcessorFacts = facts()): Section {
  const { model, processors, usable, quota, level, kernels } = found;
  const of = usable < processors ? `${usable} of ${processors}` : `${usable}`;
  const words = [
    ...(quota === undefined ? [] : [`a container's limit of ${Number(quota.toFixed(2))}`]),
    ...(level === undefined ? [] : [`x86-64-v${level}`]),
    ...(kernels === undefined ? [] : [`our kernels for ${kernels}`]),
  ];
  const summary = [[model, `${of} ${usable === 1 ? "processor" : "processors"}`, ...words].join(", ")];
  if (quota === undefined || Math.ceil(quota) >= usable) return { summary, facts: found, findings: [] };
  const text = `the container may use the time of ${Number(quota.toFixed(2))} processors, and ${usable} threads would share it`;
  const mend = `tonescore --threads ${Math.max(1, Math.round(quota))} …`;
  return { summary, facts: found, findings: [{ level: "note", text, mend }] };
}
