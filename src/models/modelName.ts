import { kind } from "../util/arguments.js";

/** A bare word, which no path of two parts is. */
export const isModelName = (text: string): boolean =>
  /^[A-Za-z0-9][\w.-]{0,63}$/.test(text) && !/\.gguf$|\.$/i.test(text);

/** As an argument. */
export const modelName = kind<string>(
  "a name of 1 to 64 letters, digits, dots, dashes and underscores",
  (value) => typeof value === "string" && isModelName(value),
);

/** Another text as a model's name. */
export function modelNameOf(text: string): string {
  const name = text
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 64)
    .replace(/(?:\.gguf|[-.])+$/i, "");
  return name === "" ? "model" : name;
}
