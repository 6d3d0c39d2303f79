import { TonescoreError } from "../../errors.js";
import { isArchived } from "../../places.js";
import { messageOf } from "../../util/messageOf.js";
import { unpackAdvice } from "../../util/unpackAdvice.js";
import type { decodeImage } from "./decodeImage.js";

/**
 * Loads what decodes pictures, with sharp's libraries.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD` where sharp does not load
 */
export async function loadDecoder(): Promise<typeof decodeImage> {
  try {
    return (await import("./decodeImage.js")).decodeImage;
  } catch (cause) {
    const [reason = ""] = messageOf(cause).split("\n");
    const advice = [
      ...(isArchived ? [`  - ${unpackAdvice}`] : []),
      "  - npm install --include=optional sharp",
      "  - where node_modules came from another platform: delete it and run npm install here",
    ];
    const message = [
      "sharp, which decodes pictures, could not be loaded.",
      `Tried: ${reason}`,
      "What to do:",
    ];
    throw new TonescoreError("ERR_NATIVE_LOAD", [...message, ...advice].join("\n"), { cause });
  }
}
