import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RgbImage, Scorer } from "../src/index.js";
import { decodeImage } from "../src/media/image/decodeImage.js";
import type { Benchmark, Context } from "./context.js";
import { root, scratch } from "./paths.js";
import { onePicture } from "./pictures.js";
import { ended, spawnCli } from "./processes.js";
import { alternate, time } from "./rounds.js";
import type { Row } from "./row.js";

/** Pictures in one measurement of the rate, and those scored one by one: what is asked is a difference of a few percent. */
const PICTURES = 60;

interface Sides {
  readonly isolated: number[];
  readonly here: number[];
}

/** As it is built, since that is what the other process runs. */
async function open({ model: { model, mmproj }, threads }: Context, isolate: boolean): Promise<Scorer> {
  const built = (await import(join(root, "dist", "index.js"))) as typeof import("../src/index.js");
  return built.createScorer({ model, mmproj, threads, gpu: "off", isolate, views: "whole" });
}

/** What a process of the engine's own costs: a picture in memory, many of them, and the start of the command line. */
export const isolation: Benchmark = async (context) => {
  const bytes = await onePicture(context.model);
  const picture = await decodeImage(bytes);
  const path = join(scratch, "one.jpg");
  await writeFile(path, bytes);
  const isolated = await open(context, true);
  const here = await open(context, false);
  const one = await alternate(PICTURES, {
    isolated: () => time(() => isolated.scoreImage(picture)),
    here: () => time(() => here.scoreImage(picture)),
  });
  const many = await alternate(context.rounds, {
    isolated: () => rate(isolated, picture),
    here: () => rate(here, picture),
  });
  await Promise.all([isolated.close(), here.close()]);
  const start = await alternate(context.rounds, {
    isolated: () => time(() => ended(spawnCli(context, path, "--isolate"))),
    here: () => time(() => ended(spawnCli(context, path))),
  });
  const row = (what: string, { isolated, here }: Sides): Row[] => [
    {
      what: `isolated: ${what}`,
      unit: "ms",
      ours: isolated,
      other: { name: "in this process", values: here },
    },
    {
      what: "  of it the isolation",
      unit: "ms",
      ours: isolated.map((value, round) => value - (here[round] ?? NaN)),
    },
  ];
  return [...row("one picture", one), ...row("pictures", many), ...row("start", start)];
};

/** Milliseconds for each of many pictures. */
async function rate(scorer: Scorer, picture: RgbImage): Promise<number> {
  const elapsed = await time(() =>
    Promise.all(Array.from({ length: PICTURES }, () => scorer.scoreImage(picture))),
  );
  return elapsed / PICTURES;
}
