/** The checksum of a PNG chunk. */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A PNG with further chunks right behind its header. */
export function withChunks(
  png: Uint8Array,
  ...chunks: readonly (readonly [type: string, ...body: number[]])[]
): Buffer {
  const made = chunks.map(([type, ...body]) => {
    const chunk = Buffer.alloc(12 + body.length);
    chunk.writeUInt32BE(body.length);
    chunk.write(type, 4, "latin1");
    chunk.set(body, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length);
    return chunk;
  });
  return Buffer.concat([png.subarray(0, 33), ...made, png.subarray(33)]);
}

/** The bytes of numbers of 32 bits. */
export const words = (...values: readonly number[]): number[] =>
  values.flatMap((value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
