/** The part of a display matrix that turns and mirrors, as numbers of 16.16 bits. */
type Turn = readonly [a: number, b: number, c: number, d: number];

const MOOV = 0x6d6f6f76;
const TRAK = 0x7472616b;
const TKHD = 0x746b6864;

/** Where the matrix stands in a track's header of version 0, which all are that ffmpeg writes of a short time. */
const MATRIX = 40;

function* boxes(view: DataView, type: number): Generator<DataView> {
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const size = view.getUint32(at);
    if (size < 8) return;
    const to = Math.min(size, view.byteLength - at);
    if (view.getUint32(at + 4) === type) yield new DataView(view.buffer, view.byteOffset + at + 8, to - 8);
    at += size;
  }
}

/** The turn of each track in a QuickTime header, in order. */
function* turns(bytes: Uint8Array): Generator<Turn> {
  const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const moov of boxes(whole, MOOV))
    for (const trak of boxes(moov, TRAK))
      for (const tkhd of boxes(trak, TKHD)) {
        if (tkhd.byteLength < MATRIX + 36 || tkhd.getUint8(0) !== 0) continue;
        const entry = (index: number): number => tkhd.getInt32(MATRIX + 4 * index);
        yield [entry(0), entry(1), entry(3), entry(4)];
      }
}

/** How a picture gets from how it is stored to how it is shown. */
function name([a, b, c, d]: Turn): string[] {
  const mirrored = a * d - b * c < 0;
  const angle = mirrored ? Math.atan2(-b, -a) : Math.atan2(b, a);
  const degrees = (Math.round((angle * 180) / Math.PI) + 360) % 360;
  // A mirror and half a turn are what a reader knows as upside down.
  if (mirrored && degrees === 180) return ["flipped"];
  return [...(mirrored ? ["mirrored"] : []), ...(degrees === 0 ? [] : [`rotated ${degrees}`])];
}

/**
 * What ffmpeg does to bring the frames of each track upright, as treatments: `mirrored` (left and right
 * exchanged), `rotated 90` (clockwise, after mirroring), `flipped` (top and bottom exchanged).
 */
export const readOrientations = (bytes: Uint8Array): string[][] => [...turns(bytes)].map(name);
