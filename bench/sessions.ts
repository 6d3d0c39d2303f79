import { decodeImage } from "../src/media/image/decodeImage.js";
import type { RgbImage } from "../src/index.js";
import type { NativeSession } from "../src/native/addon.js";
import { nativeAddon } from "../src/native/load.js";
import { PreparedPreset } from "../src/scorer/preparedPreset.js";
import { loadPreset } from "../src/prompts/loadPreset.js";
import type { Benchmark } from "./context.js";
import { onePicture } from "./pictures.js";
import { alternate, time } from "./rounds.js";

/** Pictures in one measurement of the rate, so that no side ends long before the other. */
const PICTURES = 20;

/**
 * One session of all threads against as many sessions of one thread each: what src/inference.ts must choose between.
 * Pictures are decoded beforehand.
 */
export const sessions: Benchmark = async ({ model: { model: file, mmproj, ...bench }, threads, rounds }) => {
  const model = await nativeAddon().loadModel({ model: file, mmproj, gpuLayers: 0 }, () => undefined);
  const preset = await PreparedPreset.prepare(await loadPreset("qboost"), model);
  const picture = await decodeImage(await onePicture({ model: file, mmproj, ...bench }));
  const open = (each: number): Promise<NativeSession> =>
    model.createSession({ threads: each, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 });
  const one = [await open(threads)];
  const many = await Promise.all(Array.from({ length: threads }, () => open(1)));
  const single = (side: NativeSession[]) => () => time(() => read(side[0], picture, preset));
  const rate = (side: NativeSession[]) => async () =>
    (1000 * PICTURES) / (await time(() => readMany(side, picture, preset)));
  const latency = await alternate(rounds, { one: single(one), many: single(many) });
  const rates = await alternate(Math.ceil(rounds / 5) + 2, { one: rate(one), many: rate(many) });
  await Promise.all([...one, ...many].map((session) => session.close()));
  model.dispose();
  const what = `${threads} sessions of 1 thread`;
  const name = `1 session of ${threads} threads`;
  return [
    { what: `${what}: one picture`, unit: "ms", ours: latency.many, other: { name, values: latency.one } },
    { what: `${what}: rate`, unit: "pictures/s", ours: rates.many, other: { name, values: rates.one } },
  ];
};

async function read(
  session: NativeSession | undefined,
  { data, width, height }: RgbImage,
  preset: PreparedPreset,
) {
  const encoded = await session?.encode(data, width, height);
  if (!session || !encoded) return;
  await session.score([preset.before, encoded], preset.continuations);
  encoded.dispose();
}

async function readMany(side: readonly NativeSession[], picture: RgbImage, preset: PreparedPreset) {
  let left = PICTURES;
  const lane = async (session: NativeSession): Promise<void> => {
    while (left-- > 0) await read(session, picture, preset);
  };
  await Promise.all(side.map(lane));
}
