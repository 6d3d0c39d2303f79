import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const docsFile = (name: string): string =>
  fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

/** The fenced blocks of one language in a page of docs/, in their order. */
export function codeBlocks(page: string, language: string): string[] {
  const fences = readFileSync(docsFile(page), "utf8").matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...fences].filter(([, tag]) => tag === language).map(([, , code = ""]) => code);
}
