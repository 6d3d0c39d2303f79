import { isRecord } from "../../util/isRecord.js";
import type { CheckpointFolder } from "../checkpoint/folder.js";
import type { TokenizerFiles } from "./tokenizerFiles.js";

const MOST_BYTES = 4e6;

/** A checkpoint's chat template: of several, the default one. Undefined where there is none. */
export async function readChatTemplate(
  folder: CheckpointFolder,
  { config }: TokenizerFiles,
): Promise<string | undefined> {
  const inConfig = chosen(config?.chat_template);
  if (inConfig !== undefined) return inConfig;
  const jinja = await folder.bytes("chat_template.jinja", MOST_BYTES);
  if (jinja !== undefined) return jinja.toString("utf8");
  const json = await folder.json("chat_template.json");
  return chosen(json?.chat_template);
}

function chosen(template: unknown): string | undefined {
  if (typeof template === "string") return template;
  if (!Array.isArray(template)) return undefined;
  const named = (template as unknown[]).find((each) => isRecord(each) && each.name === "default");
  const text = isRecord(named) ? named.template : undefined;
  return typeof text === "string" ? text : undefined;
}
