/** What a packet tells of its picture without being decoded. */
export interface CodedPicture {
  /** True for IDR pictures: none after it is made from one before it, and those before it are shown before it. */
  readonly restarts: boolean;
  /** False where no other picture is made from this one. */
  readonly isReference: boolean;
  /** True where parameter sets come along, which hold for pictures that follow. */
  readonly hasParameters: boolean;
}

type Unit = "restart" | "reference" | "disposable" | "parameters" | "other" | "unknown";

/** ITU-T H.264, table 7-1; 2 to 4 are the partitions of a slice. */
function h264Unit([first = 0]: Uint8Array): Unit {
  const type = first & 31;
  if (type === 5) return "restart";
  if (type >= 1 && type <= 4) return (first & 0x60) === 0 ? "disposable" : "reference";
  return [7, 8, 13, 15].includes(type) ? "parameters" : "other";
}

/**
 * ITU-T H.265, table 7-1. Of the types below 16 the even ones are of no use to their own temporal layer only, so more
 * than one layer is more than is known here.
 */
function hevcUnit([first = 0, second = 0]: Uint8Array): Unit {
  const type = (first >> 1) & 63;
  if (type < 32 && (second & 7) !== 1) return "unknown";
  if (type === 19 || type === 20) return "restart";
  if (type < 32) return type < 16 && type % 2 === 0 ? "disposable" : "reference";
  return type <= 34 ? "parameters" : "other";
}

const readers: ReadonlyMap<string, (unit: Uint8Array) => Unit> = new Map([
  ["h264", h264Unit],
  ["hevc", hevcUnit],
]);

/** The codecs, as ffmpeg names them, whose pictures {@link pictureOf} knows. */
export const knowsPicturesOf = (codec: string): boolean => readers.has(codec);

/** Parts a packet of MP4 or Matroska, in which four bytes before each unit are its length. */
function* units(packet: Uint8Array): Generator<Uint8Array | undefined> {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let at = 0;
  while (at < packet.length) {
    const to = at + 4 < packet.length ? at + 4 + view.getUint32(at) : Infinity;
    if (to > packet.length) {
      yield undefined;
      return;
    }
    yield packet.subarray(at + 4, to);
    at = to;
  }
}

/** The picture of a packet; `undefined` where it is not built as expected. */
export function pictureOf(codec: string, packet: Uint8Array): CodedPicture | undefined {
  const read = readers.get(codec);
  const found = new Set<Unit>();
  for (const unit of units(packet)) found.add(unit && read ? read(unit) : "unknown");
  if (found.has("unknown")) return undefined;
  const restarts = found.has("restart");
  return {
    restarts,
    isReference: restarts || found.has("reference"),
    hasParameters: found.has("parameters"),
  };
}
