import { open } from "node:fs/promises";
import { shown } from "../../util/shown.js";
import { damaged, invalid } from "./invalid.js";
import { unpickleTensors } from "./pickle.js";
import { type PickledTensor, PickleProblem } from "./pickledValues.js";
import { countOf, type StoredTensor, widthOf } from "./storedTensor.js";
import { readZip, type Stored, ZipProblem } from "./zip.js";

/** A list of tensors takes a few hundred bytes for each. */
const MOST_PICKLE = 64e6;

/**
 * The tensors of a file that PyTorch wrote (`pytorch_model.bin`), by name in the order of the file.
 * @param shownPath what the user knows it by.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` for what is not whole, or holds anything besides weights.
 */
export async function readTorchFile(path: string, shownPath: string): Promise<Map<string, StoredTensor>> {
  const what = `a whole file of weights in PyTorch's format at "${shownPath}"`;
  const file = await open(path);
  try {
    const entries = await readZip(file);
    const [pickleName, pickle] = [...entries].find(([name]) => /^[^/]*\/data\.pkl$/.test(name)) ?? [];
    if (pickleName === undefined || pickle === undefined) throw new ZipProblem("it has no list of tensors");
    if (pickle.size > MOST_PICKLE)
      throw new ZipProblem("its list of tensors is larger than any checkpoint's");
    const folder = pickleName.slice(0, -"data.pkl".length);
    const bytes = Buffer.alloc(pickle.size);
    const { bytesRead } = await file.read(bytes, 0, pickle.size, pickle.offset);
    const tensors = unpickleTensors(bytes.subarray(0, bytesRead));
    return new Map(
      [...tensors].map(([name, tensor]) => [
        name,
        locate(name, tensor, entries.get(`${folder}data/${tensor.storage.key}`), path),
      ]),
    );
  } catch (error) {
    if (error instanceof PickleProblem) {
      const remedy = "Of a pickle, only weights are read. Take a checkpoint in safetensors instead.";
      throw invalid(what, error.message, remedy, error);
    }
    if (error instanceof ZipProblem) throw invalid(what, error.message, damaged, error);
    throw error;
  } finally {
    await file.close();
  }
}

function locate(name: string, tensor: PickledTensor, entry: Stored | undefined, file: string): StoredTensor {
  const { storage, offset, shape, strides } = tensor;
  const width = widthOf(storage.type);
  const count = countOf(shape);
  if (entry === undefined) throw new ZipProblem(`the numbers of ${shown(name)} are missing`);
  if (count === undefined || offset + count > storage.count || storage.count * width > entry.size) {
    throw new ZipProblem(`the numbers of ${shown(name)} are cut short`);
  }
  if (!isContiguous(shape, strides)) {
    throw new PickleProblem(`the numbers of ${shown(name)} do not lie one after another`);
  }
  return { type: storage.type, shape, file, offset: entry.offset + offset * width };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.length !== strides.length) return false;
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] ?? 0;
    if (size > 1 && strides[i] !== step) return false;
    step *= size;
  }
  return true;
}
