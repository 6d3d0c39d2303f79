import { invalid } from "../checkpoint/invalid.js";
import { InputFile } from "../gguf/inputFile.js";
import type { PlannedTensor } from "../tensors/plannedTensor.js";
import { readTensor } from "../tensors/readTensor.js";
import { type Abstractor, layerPosition, POSITION } from "./owl2Abstractor.js";
import type { Owl2Encoder } from "./owl2Encoder.js";
import { gridOfWaves, lineOfWaves } from "./sinusoids.js";

const isOfLayer = ({ name }: PlannedTensor): boolean => name.startsWith(`${POSITION}.`);

/**
 * Puts one table of positions, of the queries and then of the picture, in place of those that each layer has: they are
 * constants, which some checkpoints leave out.
 * @param planned all tensors of the abstractor.
 * @param place the checkpoint, as the user knows it.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` where the layers' differ.
 */
export async function withOnePosition(
  planned: readonly PlannedTensor[],
  abstractor: Abstractor,
  { width, image, patch, positions }: Owl2Encoder,
  place: string,
): Promise<PlannedTensor[]> {
  const { layers, queries } = abstractor;
  const ofLayers = new Map(planned.filter(isOfLayer).map((table) => [table.name, table]));
  const [ofQueries, ofPicture] =
    ofLayers.size === 0
      ? [lineOfWaves(queries, width), gridOfWaves(image / patch, width)]
      : [await readOne(ofLayers, "q", layers, place), await readOne(ofLayers, "k", layers, place)];
  const values = new Float32Array((queries + positions) * width);
  values.set(ofQueries);
  values.set(ofPicture, queries * width);
  const shape = [queries + positions, width];
  const others = planned.filter((tensor) => !isOfLayer(tensor));
  return [...others, { name: POSITION, shape, type: "F32", source: { values } }];
}

/** The first layer's, which all others have to be equal to. */
async function readOne(
  tables: ReadonlyMap<string, PlannedTensor>,
  letter: "q" | "k",
  layers: number,
  place: string,
): Promise<Float32Array> {
  await using input = new InputFile();
  let first: Buffer | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const what = `the same ${letter}_pos_embed in all layers of the abstractor in "${place}"`;
    const table = tables.get(layerPosition(layer, letter));
    if (table === undefined) throw invalid(what, `the layer ${layer} has none`);
    const pieces: Buffer[] = [];
    for await (const piece of readTensor(table, input)) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    first ??= bytes;
    if (!bytes.equals(first)) throw invalid(what, `the layer ${layer} has one of its own`);
  }
  return new Float32Array(new Uint8Array(first ?? []).buffer);
}
