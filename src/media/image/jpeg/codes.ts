/**
 * A Huffman table, looked up by the next 16 bits. An entry of 0 is no code; else its bits are, from the lowest: 5 for
 * the length of the code and the bits that follow it, 4 for how many follow, 7 for the step to the next coefficient.
 */
export type Codes = Uint16Array;

/** A step of so much, and of up to 14 more, ends a block, or a run of blocks of which the surplus says how many. */
export const TO_THE_END = 100;

export const lengthOf = (entry: number): number => entry & 31;
export const sizeOf = (entry: number): number => (entry >> 5) & 15;
export const stepOf = (entry: number): number => entry >> 9;

function step(symbol: number): number {
  const [run, size] = [symbol >> 4, symbol & 15];
  if (size > 0) return run + 1;
  return run === 15 ? 16 : TO_THE_END + run;
}

function entryOf(symbol: number, length: number, forDc: boolean): number {
  const size = symbol & 15;
  if (!forDc) return (step(symbol) << 9) | (size << 5) | (length + size);
  return symbol > 15 ? 0 : (size << 5) | (length + size);
}

/** @param counts how many codes there are of each length from 1 to 16. */
export function makeCodes(counts: Uint8Array, symbols: Uint8Array, forDc: boolean): Codes {
  const codes = new Uint16Array(1 << 16);
  let next = 0;
  let code = 0;
  counts.forEach((count, i) => {
    const span = 1 << (15 - i);
    for (let n = 0; n < count; n++, code += span) {
      codes.fill(entryOf(symbols[next++] ?? 0, i + 1, forDc), code, code + span);
    }
  });
  return codes;
}
