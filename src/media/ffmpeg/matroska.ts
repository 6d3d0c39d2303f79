import { type Colour, NO_COLOUR } from "../colour/colour.js";

/** What the Matroska header that ffmpeg writes of a stream says of it. */
export interface Track {
  readonly isDefault: boolean;
  readonly interlaced: boolean;
  /** True where transparency comes beside the pictures, as in VP8 and VP9. */
  readonly hasAlpha: boolean;
  readonly colour: Colour;
  /** 1 where black and white leave room beside them, 2 where they do not, 0 where it is not said. */
  readonly range: number;
  readonly dolbyVision: DolbyVision | undefined;
}

export interface DolbyVision {
  readonly profile: number;
  /** What a decoder without Dolby Vision sees; 0 where it can show nothing. */
  readonly compatibility: number;
}

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const TRACK_TYPE = 0x83;
const FLAG_DEFAULT = 0x88;
const VIDEO = 0xe0;
const FLAG_INTERLACED = 0x9a;
const ALPHA_MODE = 0x53c0;
const COLOUR = 0x55b0;
const MATRIX = 0x55b1;
const RANGE = 0x55b9;
const TRANSFER = 0x55ba;
const PRIMARIES = 0x55bb;
const BLOCK_ADDITION_MAPPING = 0x41e4;
const BLOCK_ADDITION_TYPE = 0x41e7;
const BLOCK_ADDITION_DATA = 0x41ed;

/** `dvcC`, `dvvC` and `dvwC`. */
const DOLBY_VISION: ReadonlySet<number> = new Set([0x64766343, 0x64767643, 0x64767743]);

interface Element {
  readonly id: number;
  readonly data: Uint8Array;
}

const uint = (data: Uint8Array): number => data.reduce((value, byte) => value * 256 + byte, 0);

/** How many bytes a variable-length number has: as many as its first byte has leading zeros, and one. */
const lengthOf = (first = 0): number => Math.clz32(first) - 23;

/** The elements in a row of EBML elements. One that the end cuts short, or whose size is open, ends there. */
function* elements(bytes: Uint8Array): Generator<Element> {
  let at = 0;
  while (at < bytes.length) {
    const sizeAt = at + lengthOf(bytes[at]);
    const from = sizeAt + lengthOf(bytes[sizeAt]);
    if (sizeAt - at > 4 || from - sizeAt > 8 || from > bytes.length) return;
    const [first = 0, ...others] = bytes.subarray(sizeAt, from);
    // All ones, and any other size beyond the end, leaves it open.
    const size = others.reduce((value, byte) => value * 256 + byte, first & (0xff >> (from - sizeAt)));
    const to = Math.min(bytes.length, from + size);
    yield { id: uint(bytes.subarray(at, sizeAt)), data: bytes.subarray(from, to) };
    at = to;
  }
}

function* children(bytes: Uint8Array, id: number): Generator<Uint8Array> {
  for (const element of elements(bytes)) if (element.id === id) yield element.data;
}

function number(bytes: Uint8Array, id: number, absent: number): number {
  for (const data of children(bytes, id)) return uint(data);
  return absent;
}

function dolbyVision(track: Uint8Array): DolbyVision | undefined {
  for (const mapping of children(track, BLOCK_ADDITION_MAPPING)) {
    if (!DOLBY_VISION.has(number(mapping, BLOCK_ADDITION_TYPE, 0))) continue;
    for (const [, , profile = 0, , compatibility = 0] of children(mapping, BLOCK_ADDITION_DATA))
      return { profile: profile >> 1, compatibility: compatibility >> 4 };
  }
  return undefined;
}

function toTrack(track: Uint8Array): Track {
  const [video = new Uint8Array()] = children(track, VIDEO);
  const [colour = new Uint8Array()] = children(video, COLOUR);
  return {
    isDefault: number(track, FLAG_DEFAULT, 1) === 1,
    interlaced: number(video, FLAG_INTERLACED, 0) === 1,
    hasAlpha: number(video, ALPHA_MODE, 0) === 1,
    colour: {
      matrix: number(colour, MATRIX, NO_COLOUR.matrix),
      transfer: number(colour, TRANSFER, NO_COLOUR.transfer),
      primaries: number(colour, PRIMARIES, NO_COLOUR.primaries),
    },
    range: number(colour, RANGE, 0),
    dolbyVision: dolbyVision(track),
  };
}

/** The video tracks of a Matroska header, in order. */
export function readTracks(bytes: Uint8Array): Track[] {
  const tracks: Track[] = [];
  for (const segment of children(bytes, SEGMENT))
    for (const entries of children(segment, TRACKS))
      for (const track of children(entries, TRACK))
        if (number(track, TRACK_TYPE, 0) === 1) tracks.push(toTrack(track));
  return tracks;
}
