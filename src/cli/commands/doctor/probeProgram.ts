import { dirname } from "node:path";
import { messageOf } from "../../../util/messageOf.js";
import type { Device } from "../../../native/addon.js";
import type { Gpu } from "../../../native/gpuNames.js";
import type { Problem } from "../../../native/gpuProblem.js";

export interface AddonFacts {
  readonly llamaCpp: string;
  /** Absolute, as the system loaded them: the addon, and the libraries beside it. */
  readonly libraries: readonly string[];
  readonly devices: readonly Device[];
}

export interface GpuFacts {
  readonly devices: readonly Device[];
  readonly problem?: Problem;
  /** Why the first picture may take long. */
  readonly slowStart?: string | undefined;
}

export interface SharpFacts {
  /** Of sharp, libvips and the libraries in it. */
  readonly versions: Readonly<Record<string, string | undefined>>;
}

export interface ScoreFacts {
  readonly score: number;
  readonly backend: string;
  readonly threads: number;
  /** Milliseconds until the scorer was ready, and for the picture. */
  readonly loading: number;
  readonly scoring: number;
  /** Bytes of memory that the process held at most. */
  readonly peakMemory: number;
}

/** What can be tried, and what each answers. */
export interface Answers {
  readonly addon: AddonFacts;
  readonly cuda: GpuFacts;
  readonly vulkan: GpuFacts;
  readonly sharp: SharpFacts;
  /** With the default options. */
  readonly score: ScoreFacts;
  readonly scoreWithoutGpu: ScoreFacts;
}

export type Probe = keyof Answers;

const SIDE = 256;

/** Stripes that grow finer over a gradient: made of whole numbers, so that it is the same everywhere. */
function picture(): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(3 * SIDE * SIDE);
  for (let y = 0, to = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const stripe = ((x * x) >> 9) & 1 ? 40 : 0;
      data[to++] = 60 + (x >> 1) + stripe;
      data[to++] = 40 + (y >> 1) + stripe;
      data[to++] = 200 - ((x + y) >> 2);
    }
  return { width: SIDE, height: SIDE, data };
}

async function addon(): Promise<AddonFacts> {
  const { nativeAddon } = await import("../../../native/load.js");
  const loaded = nativeAddon();
  const { sharedObjects } = process.report.getReport() as { sharedObjects: readonly string[] };
  const own = sharedObjects.find((file) => /[\\/]tonescore\.node$/.test(file)) ?? "";
  const libraries = sharedObjects.filter((file) => own !== "" && dirname(file) === dirname(own));
  return { llamaCpp: loaded.llamaCpp, libraries, devices: loaded.devices() };
}

const gpu = (name: "cuda" | "vulkan") => async (): Promise<GpuFacts> => {
  const { nativeAddon } = await import("../../../native/load.js");
  const { isOf, loadModule } = await import("../../../native/gpu.js");
  const loaded = nativeAddon();
  const devices = (): Device[] => loaded.devices().filter((device) => device.gpu && isOf(device, name));
  const builtIn = devices();
  if (builtIn.length > 0) return { devices: builtIn };
  const outcome = loadModule(loaded, name);
  return { devices: devices(), ...outcome };
};

async function sharpFacts(): Promise<SharpFacts> {
  const { sharp } = await import("../../../media/image/sharp.js");
  return { versions: { ...sharp.versions } };
}

const score = (gpu: Gpu) => async (): Promise<ScoreFacts> => {
  const { createScorer } = await import("../../../scorer/createScorer.js");
  const began = performance.now();
  // Of GPUs another part tells.
  const scorer = await createScorer({ gpu, onWarning: () => undefined });
  const ready = performance.now();
  const result = await scorer.scoreImage(picture());
  const done = performance.now();
  const { backend, threads } = await scorer.header();
  await scorer.close();
  const peakMemory = 1024 * process.resourceUsage().maxRSS;
  return { score: result.score, backend, threads, loading: ready - began, scoring: done - ready, peakMemory };
};

const probes: { readonly [P in Probe]: () => Promise<Answers[P]> } = {
  addon,
  cuda: gpu("cuda"),
  vulkan: gpu("vulkan"),
  sharp: sharpFacts,
  score: score("auto"),
  scoreWithoutGpu: score("off"),
};

async function answer(probe: string): Promise<void> {
  const facts = await (Object.hasOwn(probes, probe)
    ? probes[probe as Probe]()
    : Promise.reject(new Error(probe)));
  process.send?.({ facts });
}

// A process that something else is in has no channel, and asks nothing.
if (process.send) {
  answer(process.argv[2] ?? "")
    .catch((error: unknown) => process.send?.({ error: messageOf(error) }))
    .finally(() => {
      process.disconnect();
    });
}
