import { readAv1Colour } from "./av1.js";
import { type Box, boxesIn, inside, Numbers } from "./boxes.js";
import type { Colour } from "../colour/colour.js";

/** What a HEIF file (AVIF, HEIC) says of its primary picture. */
export interface HeifFacts {
  /** By the code points of ITU-T H.273, where they are stated. */
  readonly colour?: Colour;
  /** True where there is an ICC profile, which goes before code points. */
  readonly profiled: boolean;
  /** Quarter turns against the clock, to be made first. */
  readonly turns: number;
  /** What changes places, after that. */
  readonly mirrored?: "left-right" | "top-bottom";
  /** Of an image sequence; 1 for a still. */
  readonly frames: number;
}

/** The properties of an item, as indices into the list of properties, from 1. */
function readAssociations(ipma: Uint8Array, of: number | undefined): number[] {
  const numbers = new Numbers(ipma);
  const [version, flags] = [numbers.next(1), numbers.next(3)];
  const size = flags & 1 ? 2 : 1;
  for (let left = numbers.next(4); left > 0 && numbers.more(); left--) {
    const item = numbers.next(version < 1 ? 2 : 4);
    const count = numbers.next(1);
    if (item === of)
      return Array.from({ length: count }, () => numbers.next(size) & (size === 2 ? 0x7fff : 0x7f));
    numbers.skip(size * count);
  }
  return [];
}

function readPrimaryItem(pitm: Uint8Array): number {
  const numbers = new Numbers(pitm);
  const version = numbers.next(1);
  numbers.next(3);
  return numbers.next(version < 1 ? 2 : 4);
}

/** The first item that another is derived from, as a tile is of a grid. */
function readSource(iref: Uint8Array, of: number): number | undefined {
  const wide = (iref[0] ?? 0) > 0;
  for (const { type, body } of boxesIn(iref.subarray(4))) {
    const numbers = new Numbers(body);
    if (type !== "dimg" || numbers.next(wide ? 4 : 2) !== of || numbers.next(2) === 0) continue;
    return numbers.next(wide ? 4 : 2);
  }
  return undefined;
}

const kindOf = ({ body }: Box): string => String.fromCharCode(...body.subarray(0, 4));

function readNclx(boxes: readonly Box[]): Colour | undefined {
  const nclx = boxes.find((box) => box.type === "colr" && kindOf(box) === "nclx");
  if (!nclx) return undefined;
  const numbers = new Numbers(nclx.body.subarray(4));
  const [primaries, transfer, matrix] = [numbers.next(2), numbers.next(2), numbers.next(2)];
  return { primaries, transfer, matrix };
}

/** Where the coded picture of an item begins in the file, if it lies there in one piece. */
function readLocation(iloc: Uint8Array, of: number): { start: number; size: number } | undefined {
  const numbers = new Numbers(iloc);
  const version = numbers.next(1);
  numbers.next(3);
  const [sizes, more] = [numbers.next(1), numbers.next(1)];
  const [offsetSize, lengthSize, baseSize] = [sizes >> 4, sizes & 15, more >> 4];
  const indexSize = version > 0 ? more & 15 : 0;
  for (let left = numbers.next(version < 2 ? 2 : 4); left > 0 && numbers.more(); left--) {
    const item = numbers.next(version < 2 ? 2 : 4);
    const method = version > 0 ? numbers.next(2) & 15 : 0;
    numbers.next(2);
    const base = numbers.next(baseSize);
    const extents = numbers.next(2);
    if (item !== of) {
      numbers.skip(extents * (indexSize + offsetSize + lengthSize));
      continue;
    }
    numbers.skip(indexSize);
    const [offset, size] = [numbers.next(offsetSize), numbers.next(lengthSize)];
    return method === 0 && extents === 1 ? { start: base + offset, size } : undefined;
  }
  return undefined;
}

/** The words of AV1's own header, at the beginning of what is coded. */
function readOwnColour(file: Uint8Array, iloc: Uint8Array, item: number): Colour | undefined {
  const place = readLocation(iloc, item);
  return place && readAv1Colour(file.subarray(place.start, place.start + place.size));
}

const UNSPECIFIED = 2;
const isStated = ({ primaries, transfer }: Colour): boolean =>
  primaries !== UNSPECIFIED || transfer !== UNSPECIFIED;

function readFrames(file: Uint8Array): number {
  const numbers = new Numbers(inside(file, "moov", "trak", "mdia", "minf", "stbl", "stsz"));
  numbers.next(4);
  numbers.next(4);
  return Math.max(1, numbers.next(4));
}

/** No item can name one that comes later. */
const MOST_PROPERTIES = 0x7fff;

function propertiesIn(ipco: Uint8Array): Box[] {
  const boxes: Box[] = [];
  for (const box of boxesIn(ipco)) if (boxes.push(box) === MOST_PROPERTIES) break;
  return boxes;
}

/** Reads the boxes that describe the primary picture. What is missing or makes no sense is left out. */
export function readHeif(file: Uint8Array): HeifFacts {
  const meta = inside(file, "meta");
  const ipma = inside(meta, "iprp", "ipma");
  const properties = propertiesIn(inside(meta, "iprp", "ipco"));
  const propertiesOf = (item: number | undefined): Box[] =>
    readAssociations(ipma, item).flatMap((index) => properties[index - 1] ?? []);
  const item = readPrimaryItem(inside(meta, "pitm"));
  const own = propertiesOf(item);
  const source = readSource(inside(meta, "iref"), item);
  const described = [...own, ...propertiesOf(source)];
  const coded = described.some(({ type }) => type === "av1C");
  const stated = readNclx(described);
  const colour =
    stated && isStated(stated)
      ? stated
      : coded
        ? readOwnColour(file, inside(meta, "iloc"), source ?? item)
        : undefined;
  const [turnAt, mirrorAt] = ["irot", "imir"].map((type) => own.findIndex((box) => box.type === type));
  const turns = (own[turnAt ?? -1]?.body[0] ?? 0) & 3;
  const mirror = own[mirrorAt ?? -1]?.body[0];
  // They are made in their order, and a turn after a mirror is the opposite turn before it.
  const turnsFirst = mirror === undefined || (turnAt ?? 0) < (mirrorAt ?? 0);
  return {
    ...(colour && { colour }),
    profiled: described.some((box) => box.type === "colr" && ["prof", "rICC"].includes(kindOf(box))),
    turns: turnsFirst ? turns : (4 - turns) & 3,
    ...(mirror !== undefined && { mirrored: (mirror & 1) === 0 ? "top-bottom" : "left-right" }),
    frames: readFrames(file),
  };
}
