/** A box of an ISO base media file. */
function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
}

/** Where a box that lies somewhere in the file begins. */
const begin = (file: Buffer, type: string): number => file.indexOf(type, 0, "latin1") - 4;

function replaced(file: Buffer, type: string, body: Uint8Array): Buffer {
  const at = begin(file, type);
  return Buffer.concat([file.subarray(0, at), box(type, body), file.subarray(at + file.readUInt32BE(at))]);
}

const bodyOf = (file: Buffer, type: string): Buffer => {
  const at = begin(file, type);
  return file.subarray(at + 8, at + file.readUInt32BE(at));
};

/** A HEIF file of one item of version 0, with further properties; colours of its own give way. */
export function withProperties(
  file: Buffer,
  properties: readonly (readonly [type: string, ...body: number[]])[],
): Buffer {
  const plain = Buffer.from(file);
  const old = plain.indexOf("colr", 0, "latin1");
  if (old > 0) plain.write("free", old, "latin1");
  const added = properties.map(([type, ...body]) => box(type, Uint8Array.from(body)));
  const ipco = bodyOf(plain, "ipco");
  let count = 0;
  for (let at = 0; at < ipco.length; at += ipco.readUInt32BE(at)) count++;
  const ipma = Buffer.from(bodyOf(plain, "ipma"));
  const last = 10 + (ipma[10] ?? 0) + 1;
  ipma.writeUInt8((ipma[10] ?? 0) + properties.length, 10);
  const indices = Uint8Array.from(properties, (_, i) => count + 1 + i);
  const associations = Buffer.concat([ipma.subarray(0, last), indices, ipma.subarray(last)]);
  const grown = added.reduce((sum, { length }) => sum + length, 0) + indices.length;
  let made = replaced(plain, "ipco", Buffer.concat([ipco, ...added]));
  made = replaced(made, "ipma", associations);
  for (const type of ["iprp", "meta"]) {
    const at = begin(made, type);
    made.writeUInt32BE(made.readUInt32BE(at) + grown, at);
  }
  return moveItems(made, grown);
}

/** The one extent of the one item lies so much later. */
function moveItems(file: Buffer, by: number): Buffer {
  const body = begin(file, "iloc") + 8;
  const baseSize = (file[body + 5] ?? 0) >> 4;
  const offset = body + 6 + 2 + 2 + 2 + baseSize + 2;
  file.writeUInt32BE(file.readUInt32BE(offset) + by, offset);
  return file;
}
