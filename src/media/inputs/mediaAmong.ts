import { throwIfAborted } from "../../util/abort.js";
import { expected } from "../../util/expected.js";
import { mapOrdered } from "../../util/mapOrdered.js";
import { leftOutKind, type LeftOutKind } from "./extensions.js";
import { AT_ONCE, isMedia, toInput } from "./fileInput.js";
import type { FailedInput, Input } from "./input.js";
import { LeftOut } from "./leftOut.js";

export interface FindOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each file that a folder or a glob has and that is no picture or video to score. */
  readonly onLeftOut?: ((path: string, kind: LeftOutKind) => void) | undefined;
}

/** The pictures and videos among the files of a folder or a glob, in their order. */
export async function* mediaAmong(
  files: AsyncIterable<string | FailedInput>,
  pattern: string,
  { signal, onLeftOut }: FindOptions,
): AsyncGenerator<Input> {
  const leftOut = new LeftOut();
  let empty = true;
  const looked = mapOrdered(files, AT_ONCE, async (file) =>
    typeof file === "string" && (await isMedia(file)) ? toInput(file) : file,
  );
  for await (const input of looked) {
    throwIfAborted(signal);
    if (typeof input !== "string") {
      empty = false;
      yield input;
      continue;
    }
    leftOut.add(input, leftOutKind(input));
    onLeftOut?.(input, leftOutKind(input));
  }
  if (!empty) return;
  const only = leftOut.toString();
  const error = expected(`pictures or videos in "${pattern}"`, {
    code: "ERR_INPUT_NOT_FOUND",
    but: only === "" ? "none are there" : `there are only ${only}`,
    remedy: "Name a file to try it whatever its extension.",
  });
  yield { path: pattern, error };
}
