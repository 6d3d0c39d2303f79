import { expected } from "../../util/expected.js";
import { messageOf } from "../../util/messageOf.js";
import { conversionOf } from "../colour/light.js";
import type { RgbImage } from "../picture.js";
import type { InstalledPackage } from "../../util/installedPackage.js";
import type { LibheifTask } from "./heicTask.js";
import { inThread } from "./thread.js";

/** libheif has made RGB of it. */
const RGB = 0;

/**
 * A HEIC picture, upright, by libheif in a thread.
 * @throws {TonescoreError} `ERR_IMAGE_DECODE`
 */
export async function heicByLibheif(
  { file, size, colour, deep }: LibheifTask,
  { folder, version }: InstalledPackage,
): Promise<RgbImage> {
  const data = new Uint8Array(file.bytes);
  const picture = { ...size, folder, data, deep: deep && colour !== undefined };
  const conversion = colour && conversionOf({ ...colour, matrix: RGB });
  try {
    return { ...size, data: await inThread({ kind: "decode-heif", picture, conversion }) };
  } catch (error) {
    throw expected("a whole HEIC picture", {
      code: "ERR_IMAGE_DECODE",
      but: `libheif-js ${version} does not decode ${file.name} (${messageOf(error)})`,
      remedy: "It is damaged, cut short, or of a kind that libheif does not know: export it as JPEG.",
      cause: error,
    });
  }
}
