import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isArchived, isClone, outsideArchive, packageRoot } from "../places.js";
import { expected } from "../util/expected.js";
import { fileProblem } from "../util/namedFile.js";
import { unpackAdvice } from "../util/unpackAdvice.js";
import { version } from "../version.js";
import { isBundled, type PublishedFile, readCatalogue } from "./catalogue.js";
import type { ModelFiles } from "./resolve.js";

const folder = outsideArchive(fileURLToPath(new URL("models", packageRoot)));

/** The small model that ships with the project. */
export const bundledModel: ModelFiles = {
  model: join(folder, "tonescore-3.gguf"),
  mmproj: join(folder, "mmproj-tonescore-3.gguf"),
};

/** What brings its files back. */
export const bundledRemedy = isClone ? "git checkout -- models" : `npm install --force tonescore@${version}`;

/** The two files of the bundled model, as the catalogue beside them has them. */
export async function publishedFiles(within?: string): Promise<readonly PublishedFile[]> {
  const [bundled] = (await readCatalogue(within)).filter(isBundled);
  return bundled ? [bundled.model, bundled.mmproj] : [];
}

/**
 * Sizes only: hashes take longer than a picture, and `tonescore doctor` looks at them.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`
 */
export async function checkBundledModel(): Promise<void> {
  for (const { file, bytes } of await publishedFiles()) {
    const remedy = isArchived
      ? `In an Electron app, ${unpackAdvice}.`
      : `It came with tonescore. Run: ${bundledRemedy}`;
    const what = `the bundled model's ${file} of ${bytes} bytes`;
    const { size } = await stat(join(folder, file)).catch((cause: unknown) => {
      throw expected(what, { code: "ERR_MODEL_NOT_FOUND", but: fileProblem(cause).message, remedy, cause });
    });
    if (size !== bytes)
      throw expected(what, { code: "ERR_MODEL_INVALID", but: `it is damaged: it has ${size}`, remedy });
  }
}
