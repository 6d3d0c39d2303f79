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

/** A HEIF file whose first item is its picture, with further properties of that; colours of its own give way. */
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

/** Every item of one extent, of version 0 or 1, lies so much later. */
function moveItems(file: Buffer, by: number): Buffer {
  let at = begin(file, "iloc") + 8;
  const [version = 0, baseSize] = [file[at], (file[at + 5] ?? 0) >> 4];
  const items = file.readUInt16BE(at + 6);
  at += 8;
  for (let item = 0; item < items; item++) {
    const offset = at + 2 + (version > 0 ? 2 : 0) + 2 + baseSize + 2;
    file.writeUInt32BE(file.readUInt32BE(offset) + by, offset);
    at = offset + 8;
  }
  return file;
}

const full = (type: string, version: number, ...parts: readonly Uint8Array[]): Buffer =>
  box(type, Uint8Array.of(version, 0, 0, 0), ...parts);

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
};

const letters = (text: string): Buffer => Buffer.from(text, "latin1");

/** A HEIF file of the one frame of an MP4 of H.265, and further properties. */
export function heicOfFrame(
  mp4: Buffer,
  { width, height }: { readonly width: number; readonly height: number },
  properties: readonly (readonly [type: string, ...body: number[]])[],
): Buffer {
  const coded = bodyOf(mp4, "mdat");
  const own = [box("hvcC", bodyOf(mp4, "hvcC")), full("ispe", 0, words(width, height))];
  const ipco = [...own, ...properties.map(([type, ...body]) => box(type, Uint8Array.from(body)))];
  const indices = Uint8Array.from(ipco, (_, i) => i + 1);
  const ipma = full("ipma", 0, words(1), Uint8Array.of(0, 1, ipco.length), indices);
  const infe = full("infe", 2, Uint8Array.of(0, 1, 0, 0), letters("hvc1\0"));
  const parts = [
    full("hdlr", 0, words(0), letters("pict"), words(0, 0, 0), letters("\0")),
    full("pitm", 0, Uint8Array.of(0, 1)),
    full("iinf", 0, Uint8Array.of(0, 1), infe),
    box("iprp", box("ipco", ...ipco), ipma),
  ];
  const ftyp = box("ftyp", letters("heic"), words(0), letters("mif1heic"));
  const iloc = (at: number): Buffer =>
    full("iloc", 0, Uint8Array.of(0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1), words(at, coded.length));
  const meta = (at: number): Buffer => full("meta", 0, ...parts, iloc(at));
  const begins = ftyp.length + meta(0).length + 8;
  return Buffer.concat([ftyp, meta(begins), box("mdat", coded)]);
}
