import { Metadata } from "../gguf/metadata.js";
import type { PlannedTensor } from "../tensors/plannedTensor.js";
import type { Checkpoint } from "./family.js";

/** llama.cpp's numbers of what a file's weights mostly are. */
export const fileTypes = { F16: 1, BF16: 32 } as const;
const QUANTISATION_VERSION = 2;

/** What every file says first: what it is, and whose. */
export function generalMetadata(
  { name, card }: Checkpoint,
  architecture: string,
  type: "model" | "mmproj",
  tensors: readonly PlannedTensor[],
): Metadata {
  const metadata = new Metadata()
    .text("general.architecture", architecture)
    .text("general.type", type)
    .text("general.name", name)
    .text("general.size_label", sizeLabel(tensors))
    .whole("general.quantization_version", QUANTISATION_VERSION);
  if (card.licence !== undefined) metadata.text("general.license", card.licence);
  return metadata;
}

/** How many numbers there are, in two digits or more: `153K`, `7.6B`. */
function sizeLabel(tensors: readonly PlannedTensor[]): string {
  const count = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const units = [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
  ] as const;
  const [size, letter] = units.find(([size]) => count > size) ?? [1e3, "K"];
  const scaled = count / size;
  const digits = String(Math.round(scaled)).replace(/^0+/, "").length;
  return `${scaled.toFixed(Math.max(0, 2 - digits))}${letter}`;
}
