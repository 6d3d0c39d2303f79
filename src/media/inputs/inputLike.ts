import { checkArgument, either, oneOf, number, shape, text, type Kind } from "../../util/arguments.js";
import { pathOfUrl } from "./imageSource.js";
import type { Input } from "./input.js";
import { toInput } from "./fileInput.js";

/** What a run can be given: what `findInputs` lists, or the path or `file:` URL of one file. */
export type InputLike = Input | string | URL;

const amount = number("a number", () => true);

const input: Kind = either(
  shape("an input as findInputs lists it", {
    kind: oneOf(["image", "video"]),
    path: text,
    size: amount,
    mtimeMs: amount,
  }),
  shape("a path", { path: text, error: { expected: "an error", fits: (value) => value instanceof Error } }),
);

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` for what is no input at all. */
export async function readInput(value: InputLike): Promise<Input> {
  if (typeof value === "string") return toInput(value);
  if (value instanceof URL) return toInput(pathOfUrl(value));
  checkArgument("an input", value, input);
  return value;
}
