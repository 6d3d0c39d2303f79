import type { Random } from "./random.js";

/** Beginnings of names that a shell, a terminal, a pattern or a protocol could take for something else. */
const STEMS: readonly (string | Buffer)[] = [
  "plain", "line\nfeed", "carriage\rreturn", "\x1b[2J\x1b]0;owned\x07", "-o", "--report=x.html", "--", "-", "'quote\"s'",
  "`id`", "$(id)", "${HOME}", "; id", "| id", "a*", "a?b", "[a-z]", "{a,b}", "!(x)", "+(x)", "(x)", "a b", " lead", "trail ",
  "cafe\u0301", "caf\u00e9", "\u202egpj", "💥", "http:", "file:", "concat:a|b", "pipe:0", "%03d", "a%2fb", "con", "nul",
  "~", "#", "a\\b", "__proto__", "x".repeat(200), Buffer.from([0x66, 0xe9, 0xff, 0xfe]), "tab\there", "null",
]; // prettier-ignore

/** A file's name: mostly plain, sometimes one to be careful with. The number keeps names apart. */
export function fileName(index: number, extension: string, random: Random): Buffer {
  const stem = random.chance(0.2) ? random.pick(STEMS) : "plain";
  return Buffer.concat([Buffer.from(stem), Buffer.from(`-${index}.${extension}`)]);
}
