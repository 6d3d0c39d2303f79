import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

const ELF = 0x7f454c46;
const WIDE = 2;
const LITTLE = 1;
const HEADER = 64;

/** Bytes that a library has by its own header, whose last table is its end; undefined for what is no 64-bit ELF. */
function statedSize(header: DataView): number | undefined {
  if (header.getUint32(0) !== ELF || header.getUint8(4) !== WIDE || header.getUint8(5) !== LITTLE)
    return undefined;
  const sections = Number(header.getBigUint64(40, true));
  return sections + header.getUint16(58, true) * header.getUint16(60, true);
}

function isCutShort(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const header = new DataView(new ArrayBuffer(HEADER));
    if (readSync(file, header, 0, HEADER, 0) < HEADER) return false;
    return fstatSync(file).size < (statedSize(header) ?? 0);
  } finally {
    closeSync(file);
  }
}

/**
 * A library of a folder whose end is missing, as after a download or a copy that broke off. The system would map it all
 * the same, and end the process where it reads what is not there (Linux).
 */
export const cutShortIn = (folder: string): string | undefined =>
  readdirSync(folder)
    .filter((name) => /\.(?:so|node)$/.test(name))
    .map((name) => join(folder, name))
    .find(isCutShort);
