import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Device } from "../../../../native/addon.js";
import type { Outcome } from "../probe.js";
import type { GpuFacts } from "../probeProgram.js";
import type { Finding, Section } from "../section.js";

/** What the system knows of GPUs, whether or not tonescore can use them. */
export interface Drivers {
  /** Of NVIDIA's kernel module. */
  readonly nvidia: string | undefined;
  /** Vulkan drivers, by their manifests' names. */
  readonly vulkan: readonly string[];
  /** Of Linux's direct rendering: `card0`, `renderD128`. */
  readonly nodes: readonly string[];
}

const MANIFESTS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];
const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

export function drivers(root = "/"): Drivers {
  const nvidia = join(root, "proc/driver/nvidia/version");
  return {
    nvidia: existsSync(nvidia) ? /\b\d+\.\d+(?:\.\d+)?\b/.exec(readFileSync(nvidia, "utf8"))?.[0] : undefined,
    vulkan: MANIFESTS.flatMap((folder) => list(join(root, folder))).filter((file) => file.endsWith(".json")),
    nodes: list(join(root, "dev/dri")).filter((node) => /^(card|renderD)\d+$/.test(node)),
  };
}

type Tried = Readonly<Partial<Record<"cuda" | "vulkan", Outcome<GpuFacts>>>>;

const present = (name: "cuda" | "vulkan", { nvidia, nodes }: Drivers): boolean =>
  name === "cuda" ? nvidia !== undefined : nodes.length > 0;

/** What lists a driver's GPUs. */
const CHECKS = { cuda: "nvidia-smi", vulkan: "vulkaninfo --summary (package vulkan-tools)" } as const;

function findingOf(name: "cuda" | "vulkan", outcome: Outcome<GpuFacts>, found: Drivers): Finding | undefined {
  if ("crash" in outcome) {
    const text = `${name} ends the process that tries it: ${outcome.crash}`;
    return {
      level: "problem",
      text,
      mend: "mend or update the GPU's driver; until then: tonescore --gpu off …",
    };
  }
  // Without the addon nothing can be said of GPUs, and the addon's own part says why.
  if ("error" in outcome) return undefined;
  const { problem, devices, slowStart } = outcome.facts;
  if (problem) {
    // Nobody misses a package for a GPU that is not there; one that is installed is meant to be used.
    if (problem.meant && !present(name, found)) return undefined;
    const mend = problem.remedy?.replace(/^Run: /, "");
    const level = problem.meant ? "note" : "problem";
    return { level, text: `${name} is not used: ${problem.but}`, ...(mend !== undefined && { mend }) };
  }
  if (devices.length === 0) {
    const text = `${name} is installed, but ggml sees no GPU through it`;
    return { level: "note", text, mend: CHECKS[name] };
  }
  return slowStart === undefined ? undefined : { level: "note", text: slowStart };
}

const describe = ({ backend, description, name }: Device): string =>
  `${backend}: ${description === "" ? name : description}`;

/** `lvp_icd.x86_64.json` is lvp's. */
const shortName = (manifest: string): string => manifest.replace(/(?:_icd)?(?:\.\w+)?\.json$/, "");

/** @param builtIn those that the addon has without a package, as on macOS, or built from source */
export function gpus(builtIn: readonly Device[], tried: Tried, found: Drivers): Section {
  const outcomes = Object.entries(tried) as ["cuda" | "vulkan", Outcome<GpuFacts>][];
  const seen = [
    ...builtIn.filter(({ gpu }) => gpu),
    ...outcomes.flatMap(([, outcome]) => ("facts" in outcome ? outcome.facts.devices : [])),
  ];
  const devices = [...new Map(seen.map((device) => [device.name, device])).values()];
  const system = [
    ...(found.nvidia === undefined ? [] : [`NVIDIA driver ${found.nvidia}`]),
    ...(found.vulkan.length === 0 ? [] : [`Vulkan drivers ${found.vulkan.map(shortName).join(", ")}`]),
    ...(found.nodes.length === 0 ? [] : [`/dev/dri/${found.nodes.join(", ")}`]),
  ];
  const crashes = outcomes.some(([, outcome]) => "crash" in outcome);
  const none = crashes ? "none can be used: a driver crashes" : "none is used: scoring runs on the processor";
  const summary = [
    ...(devices.length === 0 ? [none] : devices.map(describe)),
    ...(system.length === 0 ? [] : [`the system has ${system.join(", ")}`]),
  ];
  const findings = outcomes.flatMap(([name, outcome]) => findingOf(name, outcome, found) ?? []);
  return { summary, facts: { devices, tried, drivers: found }, findings };
}
