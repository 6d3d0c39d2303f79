import { codeOf } from "./codeOf.js";
import { messageOf } from "./messageOf.js";
import { TonescoreError } from "../errors.js";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "its file system is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
};

/** Says in this program's words why something cannot be written. */
export function outputError(name: string, cause: unknown): TonescoreError {
  const reason = reasons[String(codeOf(cause))] ?? messageOf(cause);
  return new TonescoreError("ERR_OUTPUT", `Cannot write to ${name}: ${reason}.`, { cause });
}
