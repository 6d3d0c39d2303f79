import picomatch from "picomatch";
import { composed } from "./alike.js";
import type { Selection } from "./walk.js";

/** Where the bracket at `from` is closed, at the same depth; -1 where it is not. */
function endOfGroup(text: string, from: number, [open, close]: readonly [string, string]): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at;
  }
  return -1;
}

const CLASS = /\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\/])*\]/y;

/** A bracket expression such as `[a-z]` that begins at `from`; empty where none does. */
function classAt(pattern: string, from: number): string {
  CLASS.lastIndex = from;
  return CLASS.exec(pattern)?.[0] ?? "";
}

/**
 * A pattern as picomatch is to be given it, to mean what it means to bash with `extglob` and to minimatch: parentheses
 * group only behind one of `@!?*+` and where they are closed. Else they are plain, as are `|`, `+`, a leading `!`, and
 * braces that are not closed.
 * @param grouping false to take all parentheses as plain
 */
function toPicomatch(pattern: string, grouping = true, inGroup = false): string {
  let result = "";
  let braces = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    const bracketed = character === "[" ? classAt(pattern, at) : "";
    const opens = grouping && "@!?*+".includes(character) && pattern[at + 1] === "(";
    const end = opens ? endOfGroup(pattern, at + 1, ["(", ")"]) : -1;
    if (character === "\\") result += pattern.slice(at, ++at + 1);
    else if (bracketed !== "") {
      result += bracketed;
      at += bracketed.length - 1;
    } else if (end > 0) {
      result += `${character}(${toPicomatch(pattern.slice(at + 2, end), grouping, true)})`;
      at = end;
    } else if (character === "{" && endOfGroup(pattern, at, ["{", "}"]) > 0) {
      result += character;
      braces++;
    } else if ((character === "}" && braces > 0) || (character === "|" && inGroup)) {
      result += character;
      braces -= character === "}" ? 1 : 0;
    } else result += /[()[\]{}|+!@^$]/.test(character) ? `\\${character}` : character;
  }
  return result;
}

/** What stands before the first character that is not meant literally. */
const STATIC = /^(?:\\.|[^\\*?[{(])*/s;

/** A glob that no shell has expanded. */
export interface Glob extends Selection {
  /** The folder below which it looks, as the pattern has it; empty for the working folder. */
  readonly folder: string;
}

/** Reads a pattern with `/` between its parts; undefined for one that can only mean one file. */
export function parseGlob(pattern: string, grouping = true): Glob | undefined {
  const translated = toPicomatch(pattern, grouping);
  const literal = STATIC.exec(translated)?.[0] ?? "";
  if (literal.length === translated.length) return undefined;
  const folder = literal.slice(0, literal.lastIndexOf("/") + 1);
  const rest = translated.slice(folder.length);
  return { folder: folder.replace(/\\(.)/gs, "$1"), takes: matcher(rest), enters: folderMatcher(rest) };
}

function matcher(pattern: string): (text: string) => boolean {
  const matches = picomatch(composed(pattern), { posix: true });
  return (text) => matches(composed(text));
}

/** Between the parts of a path; groups and braces may have slashes of their own. */
function splitParts(pattern: string): string[] {
  const parts = pattern.match(/(?:\\.|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|[^/\\])+/gs);
  return parts ?? [];
}

/** Tells whether files below a folder can match. */
function folderMatcher(pattern: string): (folder: string) => boolean {
  const parts = splitParts(pattern);
  const open = parts.findIndex((part) => part.includes("**") || part.includes("/"));
  const checked = (open < 0 ? parts : parts.slice(0, open)).map(matcher);
  const hidden = pattern.includes("/.") || pattern.startsWith(".");
  const skips = (name: string): boolean =>
    (!hidden && name.startsWith(".")) || (name === "node_modules" && !pattern.includes(name));
  return (folder) => {
    const names = folder.split("/");
    if (open < 0 && names.length >= parts.length) return false;
    return names.every((name, index) => checked[index]?.(name) ?? !skips(name));
  };
}
