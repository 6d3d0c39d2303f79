import { rename, writeFile } from "node:fs/promises";
import { outputError } from "../../util/outputError.js";

/** A small file of text, whole or not at all. @throws {TonescoreError} `ERR_OUTPUT` */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.next`, text);
    await rename(`${path}.next`, path);
  } catch (error) {
    throw outputError(path, error);
  }
}
