// What the bundled model says of a picture as a whole, of its crops, and of all of them as pictures of one prompt; and the
// ways to make one score of that among which the treatment `detail` was chosen.
import { bundledModel, loadPreset, scoreLogits } from "../../../src/index.js";
import { chooseCrops, cut } from "../../../src/media/image/crops.js";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import type { RgbImage } from "../../../src/media/picture.js";
import type { NativePicture } from "../../../src/native/addon.js";
import { nativeAddon } from "../../../src/native/load.js";
import { PreparedPreset } from "../../../src/scorer/preparedPreset.js";
import type { LogitReading } from "../../../src/scoring/score.js";

const SIDE = 512;
const MOST = 4;

export interface Looks {
  readonly whole: LogitReading;
  /** The one of most detail first; none where the picture is no larger than one. */
  readonly crops: readonly LogitReading[];
  readonly together: LogitReading;
}

const preset = await loadPreset("qboost");
const addon = nativeAddon();
const model = await addon.loadModel({ ...bundledModel, gpuLayers: 0 }, () => undefined);
const session = await model.createSession({
  ...{ threads: 2, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 },
});
const prepared = await PreparedPreset.prepare(preset, model);

const encode = ({ data, width, height }: RgbImage): Promise<NativePicture> =>
  session.encode(data, width, height);

async function read(...pictures: readonly NativePicture[]): Promise<LogitReading> {
  const { logits, logSumExp } = await session.score([prepared.before, ...pictures], prepared.continuations);
  return prepared.read(logits, logSumExp);
}

export async function lookAt(picture: string | Buffer): Promise<Looks> {
  const image = await decodeImage(picture);
  const crops = chooseCrops(image, { crops: MOST, side: SIDE }).map((place) => cut(image, place));
  const encoded: NativePicture[] = [];
  for (const look of [image, ...crops]) encoded.push(await encode(look));
  const readings: LogitReading[] = [];
  for (const one of encoded) readings.push(await read(one));
  const [whole, ...others] = readings as [LogitReading, ...LogitReading[]];
  const together = await read(...encoded);
  for (const one of encoded) one.dispose();
  return { whole, crops: others, together };
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const scoreOf = (reading: LogitReading): number => scoreLogits(preset, reading).score;

/** The whole's share of each logit, and the crops' mean for the rest. */
const logits =
  (share: number, count: number) =>
  ({ whole, crops }: Looks): number => {
    const used = crops.length > 0 ? crops.slice(0, count) : [whole];
    const word = ({ logits }: LogitReading, index: number): number => logits[0]?.[index] ?? NaN;
    const mixed = preset.tones.map(
      (_, index) => share * word(whole, index) + (1 - share) * mean(used.map((crop) => word(crop, index))),
    );
    return scoreLogits(preset, { logits: [mixed], logSumExp: [0] }).score;
  };

/** The scores of the whole and of so many crops; those of the whole alone where there are none. */
function scores({ whole, crops }: Looks, count: number): { whole: number; crops: number[] } {
  const ofWhole = scoreOf(whole);
  const ofCrops = crops.slice(0, count).map(scoreOf);
  return { whole: ofWhole, crops: ofCrops.length > 0 ? ofCrops : [ofWhole] };
}

const shared =
  (share: number, count: number) =>
  (looks: Looks): number => {
    const { whole, crops } = scores(looks, count);
    return share * whole + (1 - share) * mean(crops);
  };

const lower =
  (count: number) =>
  (looks: Looks): number =>
    Math.min(shared(1, count)(looks), shared(0, count)(looks));

/** By name. */
const ways: Readonly<Record<string, (looks: Looks) => number>> = {
  "the whole alone": ({ whole }) => scoreOf(whole),
  "1 crop": shared(0, 1),
  "2 crops, mean score": shared(0, 2),
  "3 crops, mean score": shared(0, 3),
  "4 crops, mean score": shared(0, 4),
  "3 crops, lowest score": (looks) => Math.min(...scores(looks, 3).crops),
  "whole 10 % and 3 crops, mean score": shared(0.1, 3),
  "whole 25 % and 3 crops, mean score": shared(0.25, 3),
  "whole 50 % and 3 crops, mean score": shared(0.5, 3),
  "3 crops, mean logits": logits(0, 3),
  "whole 10 % and 3 crops, mean logits": logits(0.1, 3),
  "whole 20 % and 2 crops, mean logits": logits(0.2, 2),
  "whole 20 % and 3 crops, mean logits": logits(0.2, 3),
  "whole 20 % and 4 crops, mean logits": logits(0.2, 4),
  "whole 30 % and 3 crops, mean logits": logits(0.3, 3),
  "whole 50 % and 3 crops, mean logits": logits(0.5, 3),
  "lower of whole and 3 crops' mean score": lower(3),
  "geometric, whole 20 % and 3 crops": (looks) => shared(1, 3)(looks) ** 0.2 * shared(0, 3)(looks) ** 0.8,
  "all as pictures of one prompt": ({ together }) => scoreOf(together),
};

export async function closeEyes(): Promise<void> {
  await session.close();
  model.dispose();
}

/** A row for each way: its name and what is told of it. */
export function table(tell: (way: (looks: Looks) => number) => string): void {
  for (const [name, way] of Object.entries(ways)) console.log(`${name.padEnd(44)}${tell(way)}`);
}
