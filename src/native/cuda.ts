import { isClone } from "../places.js";
import type { CudaDriver } from "./addon.js";
import kernels from "./cudaKernels.json" with { type: "json" };
import type { Loading, Problem } from "./gpuProblem.js";

// cudaKernels.json has what ggml's prebuilt module holds in the version that package.json pins, by compute capability (90
// is 9.0). scripts/package/cudaKernels.js reads it from the module, and `npm run package` fails where the two differ.
// It is Linux's: Windows', for clones alone, is taken to have the same and was not looked at.
// - machineCode runs on its capability and on later ones of its generation (86: 8.6, 8.7, 8.9), and
//   machineCodeOfOne on its own alone.
// - ptx is compiled by the driver, for its capability and all later ones: the driver must be of its version's CUDA.
// A kernel that is not there, or that the driver does not take, ends the process when it is first wanted.

/** The module is linked with CUDA 13's runtime, which any driver of CUDA 13 runs. */
const RUNTIME = 13_000;
/** PTX 9.0 is CUDA 13.0's, PTX 9.1 is CUDA 13.1's. */
const COMPILER = RUNTIME + 10 * Number(kernels.ptxVersion.replace("9.", ""));

/** The first of NVIDIA's drivers that is for a CUDA. */
const drivers: Readonly<Record<number, string>> = { 13_000: "580", 13_010: "590" };

type Code = "machine code" | "ptx";

function codeFor(capability: number): Code | undefined {
  const { machineCode, machineCodeOfOne, ptx } = kernels;
  const generation = Math.floor(capability / 10);
  const runs = (each: number): boolean => Math.floor(each / 10) === generation && each <= capability;
  if (machineCode.some(runs) || machineCodeOfOne.includes(capability)) return "machine code";
  return ptx.some((each) => each <= capability) ? "ptx" : undefined;
}

const capabilityText = (capability: number): string => (capability / 10).toFixed(1);
const cudaText = (version: number): string =>
  `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;

const BUILD = `${isClone ? "build" : "in a clone, build"} for this GPU: npm run build:native -- --from-source --cuda`;
const CHECK = "See what nvidia-smi says.";

type DriversGpu = CudaDriver["devices"][number];

/** What keeps the module from running on a GPU. */
function problemOf({ name, capability }: DriversGpu, version: number): Problem | undefined {
  const gpu = `the ${name} (compute capability ${capabilityText(capability)})`;
  const code = codeFor(capability);
  if (code === undefined) {
    const least = capabilityText(Math.min(...kernels.ptx));
    return {
      but: `${gpu} is older than what the module has kernels for (${least})`,
      remedy: `Try Vulkan, or ${BUILD}`,
    };
  }
  const needed = code === "ptx" ? COMPILER : RUNTIME;
  if (version >= needed) return undefined;
  return {
    but: `the module needs a driver for CUDA ${cudaText(needed)} on ${gpu}, and this one is for ${cudaText(version)}`,
    remedy: `Update NVIDIA's driver (${drivers[needed] ?? "the newest"} or newer), or ${BUILD}`,
  };
}

/** What keeps all of a driver's GPUs from being used. */
function problemOfDriver({ error, devices }: CudaDriver, visible: string | undefined): Problem | undefined {
  if (error !== undefined && error !== "CUDA_ERROR_NO_DEVICE")
    return { but: `NVIDIA's driver answers ${error}`, remedy: CHECK };
  if (devices.length > 0) return undefined;
  if (visible === undefined) return { but: "NVIDIA's driver shows no GPU", remedy: CHECK };
  return { but: `NVIDIA's driver shows no GPU where CUDA_VISIBLE_DEVICES is "${visible}"`, meant: true };
}

/** ggml runs on all GPUs that there are, so that one is enough to end the process. */
function problemOfGpus({ devices, version }: CudaDriver): Problem | undefined {
  const problems = devices.flatMap((gpu) => problemOf(gpu, version) ?? []);
  const [problem] = problems;
  if (!problem || problems.length === devices.length) return problem;
  const remedy = `Leave it out (set CUDA_VISIBLE_DEVICES to the others that nvidia-smi -L lists). ${problem.remedy ?? ""}`;
  return { ...problem, remedy };
}

/**
 * Whether the prebuilt module runs on what the driver shows; asked before it is loaded.
 * @param visible CUDA_VISIBLE_DEVICES
 */
export function judgeCuda(
  driver: CudaDriver | undefined,
  visible = process.env.CUDA_VISIBLE_DEVICES,
): Loading {
  if (!driver)
    return {
      problem: { but: "there is no NVIDIA driver", remedy: "Install it, or remove the package for CUDA." },
    };
  const problem = problemOfDriver(driver, visible) ?? problemOfGpus(driver);
  if (problem) return { problem };
  const compiled = driver.devices.filter(({ capability }) => codeFor(capability) === "ptx");
  if (compiled.length === 0) return { slowStart: undefined };
  const names = [...new Set(compiled.map(({ name }) => name))].join(", ");
  const slowStart = `for the ${names} the driver compiles the kernels when they are first used, which may take minutes, and keeps them for the next time`;
  return { slowStart };
}
