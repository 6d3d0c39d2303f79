import { readFile } from "node:fs/promises";
import { TonescoreError } from "../errors.js";

/** A chat template as it was given: the path of a `.jinja` file is read, a name or Jinja text stays as it is. */
export async function readTemplate(template: string | undefined): Promise<string | undefined> {
  if (template === undefined || !/\.(jinja2?|j2)$/i.test(template)) return template;
  return readFile(template, "utf8").catch((cause: unknown) => {
    throw new TonescoreError(
      "ERR_CHAT_TEMPLATE",
      `The chat template file ${template} cannot be read: ${String(cause)}`,
      {
        cause,
      },
    );
  });
}
