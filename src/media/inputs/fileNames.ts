import { isUtf8 } from "node:buffer";

/**
 * Linux's file names are bytes. In strings, each byte that is not UTF-8 is a lone surrogate from U+DC80 on, as in Python
 * (PEP 383): so every name is one string, and that string leads back to the file.
 */
export function nameFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let name = "";
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find(
      (count) => isUtf8(bytes.subarray(at, at + count)) && at + count <= bytes.length,
    );
    name += length
      ? bytes.toString("utf8", at, at + length)
      : String.fromCharCode(0xdc00 + bytes.readUInt8(at));
    at += length ?? 1;
  }
  return name;
}

const ESCAPED = /([\u{dc80}-\u{dcff}]+)/u;

/** True for a name that only its bytes can open, and no other program's command line can be given. */
export const isBytesOnly = (path: string): boolean => ESCAPED.test(path);

/** What the file system is to be given for a path: the bytes, where the string says that they are not UTF-8. */
export function fsPath(path: string): string | Buffer {
  return isBytesOnly(path) ? bytesOfName(path) : path;
}

/** The bytes of a name or a path as they are on disk. */
export const bytesOfName = (name: string): Buffer =>
  // The low byte of each escape is the byte that it stands for.
  Buffer.concat(
    name.split(ESCAPED).map((part, index) => Buffer.from(part, index % 2 === 1 ? "latin1" : "utf8")),
  );

/** A name as other programs read it: what is not UTF-8 is lost. */
export const lossyName = (name: string): string => (isBytesOnly(name) ? bytesOfName(name).toString() : name);
