import { fileName } from "../fileNames.js";
import type { Kind } from "../kind.js";
import { mutateBytes } from "../mutateBytes.js";
import { QUICK_MODEL } from "../prepared.js";
import { checkRows } from "../rows.js";
import { pictureSeeds } from "../seeds/pictures.js";
import type { Seed } from "../seeds/seed.js";
import { videoSeeds } from "../seeds/videos.js";

/** Many in a folder, some of them with names that are hostile too. */
function mediaKind(name: string, seeds: readonly Seed[], options: Pick<Kind, "atOnce" | "memory">): Kind {
  return {
    ...{ name, ...options, exitCodes: [0, 1] },
    mutate(index, random) {
      const [seed, other] = [random.pick(seeds), random.pick(seeds)];
      const { bytes, how } = mutateBytes(seed.bytes, other.bytes, random);
      return { index, name: fileName(index, seed.extension, random), bytes, how: `${seed.name}: ${how}` };
    },
    args: (_, sandbox) => [sandbox.path("in"), "-f", "ndjson", "--frames", "2", ...QUICK_MODEL],
    check: ({ stdout }, mutants) => checkRows(stdout, mutants),
  };
}

export const pictures = async (): Promise<Kind> =>
  mediaKind("pictures", await pictureSeeds(), { atOnce: 50, memory: 2e9 });

export const videos = async (): Promise<Kind> =>
  mediaKind("videos", await videoSeeds(), { atOnce: 20, memory: 2e9 });
