import { messageOf } from "../util/messageOf.js";
import { expected } from "../util/expected.js";
import { readNamedText } from "../util/namedFile.js";

const MOST_BYTES = 4 * 2 ** 20;

/** A chat template as it was given: the path of a `.jinja` file is read, a name or Jinja text stays as it is. */
export async function readTemplate(template: string | undefined): Promise<string | undefined> {
  if (template === undefined || !/\.(jinja2?|j2)$/i.test(template)) return template;
  return readNamedText(template, MOST_BYTES).catch((cause: unknown) => {
    const what = `a chat template in "${template}"`;
    throw expected(what, { code: "ERR_CHAT_TEMPLATE", but: messageOf(cause), cause });
  });
}
