import { findLibheif } from "../../../media/image/findLibheif.js";
import type { DoctorFlags } from "./options.js";
import { tryOut } from "./probe.js";
import type { Examination } from "./section.js";
import { addon } from "./sections/addon.js";
import { ffmpeg, type FfmpegFacts, ffmpegFacts } from "./sections/ffmpeg.js";
import { drivers, gpus } from "./sections/gpus.js";
import { memory } from "./sections/memory.js";
import { model } from "./sections/model.js";
import { pictures } from "./sections/pictures.js";
import { processor } from "./sections/processor.js";
import { notTried, score } from "./sections/score.js";
import { system } from "./sections/system.js";

/** What is asked once and told in more than one part. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

const versionOf = (found: FfmpegFacts | { readonly error: string }): string | undefined =>
  "version" in found ? found.version : undefined;

/** Milliseconds for a score where the driver compiles kernels first. */
const PATIENCE_TO_COMPILE = 600_000;

/** In the order in which they are told. Each stands by itself. */
export function examinations({ ffmpeg: named }: DoctorFlags, ask = tryOut): readonly Examination[] {
  const loadedAddon = once(() => ask("addon"));
  const loadedSharp = once(() => ask("sharp"));
  const triedCuda = once(() => ask("cuda"));
  const foundFfmpeg = once(() => ffmpegFacts(named));
  const examineGpus = async () => {
    const loaded = await loadedAddon();
    if (!("facts" in loaded)) return gpus([], {}, drivers());
    const { devices } = loaded.facts;
    if (process.platform === "darwin") return gpus(devices, {}, drivers());
    return gpus(devices, { cuda: await triedCuda(), vulkan: await ask("vulkan") }, drivers());
  };
  const examineScore = async () => {
    if (!("facts" in (await loadedAddon()))) return notTried("the addon");
    if (!("facts" in (await loadedSharp()))) return notTried("sharp");
    const cuda = process.platform === "darwin" ? undefined : await triedCuda();
    const compiles = cuda && "facts" in cuda && cuda.facts.slowStart !== undefined;
    const outcome = await ask("score", compiles ? { patience: PATIENCE_TO_COMPILE } : {});
    return score(outcome, "crash" in outcome ? await ask("scoreWithoutGpu") : undefined);
  };
  return [
    { name: "system", examine: () => system() },
    { name: "processor", examine: () => processor() },
    { name: "memory", examine: () => memory() },
    { name: "addon", examine: async () => addon(await loadedAddon()) },
    { name: "GPU", examine: examineGpus },
    { name: "ffmpeg", examine: async () => ffmpeg(await foundFfmpeg()) },
    {
      name: "pictures",
      examine: async () => pictures(await loadedSharp(), versionOf(await foundFfmpeg()), findLibheif()),
    },
    { name: "model", examine: () => model() },
    { name: "score", examine: examineScore },
  ];
}
