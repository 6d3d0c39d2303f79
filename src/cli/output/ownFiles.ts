import { beginnings as documents } from "../../results/write.js";
import type { Content } from "./format.js";
import type { FileHandle } from "node:fs/promises";

/** For messages. */
export const contentNames: Readonly<Record<Content, string>> = {
  scores: "scores",
  comparison: "a comparison",
  evaluation: "an evaluation",
  calibration: "a calibration",
  page: "a page",
};

/** How this program's files begin, in any format and since its first version. Nothing else may be written over. */
const beginnings: Readonly<Record<Content, readonly RegExp[]>> = {
  scores: [
    ...documents.scores,
    /^path,[^\r\n]*,error_code,error_message\r\n/,
    // A table: its titles and a first row, or a row of what failed.
    /^path {18,}\S[^\n]*\n[^\n]+ {2,}(?:\d+\.\d+|-)(?: {2,}[^\n]*)?\n/,
    /^[^\n]+(?: {2,}-)+ {2,}failed \(ERR_[A-Z_]+\)\n/,
  ],
  comparison: [
    ...documents.comparison,
    /^name,version,path,score,difference,bytes,bits_per_pixel\r\n/,
    /^version +score +difference\b[^\r\n]*\n/,
  ],
  evaluation: [
    ...documents.evaluation,
    /^evaluation,group,n,reason,srcc,/,
    /^[^\n]+: n = \d+[^\n]*\n\n/,
    /^\[\n \{\n {2}"model": "[^\n]*",\n {2}"dataset": "/,
    /^model,dataset,n,srcc,plcc,srcc_with_ties\r\n/,
    /^SRCC\/PLCC {2,}/,
  ],
  calibration: documents.calibration,
  page: [
    /^<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="generator" content="tonescore/,
    // Earlier pages do not name their maker; their policy is as telling.
    /^<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-/,
  ],
};

const HEAD_BYTES = 1 << 16;

/** Whether a file is empty, or begins as what this program writes there does. */
export async function isOwn(file: FileHandle, content: Content): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.toString("utf8", 0, bytesRead);
  return head === "" || beginnings[content].some((beginning) => beginning.test(head));
}
