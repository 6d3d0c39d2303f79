import type { Readable } from "node:stream";
import { expected } from "../../util/expected.js";
import { type Colour, NO_COLOUR, unknownColour } from "../colour/colour.js";
import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import { checkFrame, limitArguments, squareSize, threadArguments } from "./frameLimits.js";
import { type Fraction, Framecrc } from "../ffmpeg/framecrc.js";
import { readTracks } from "../ffmpeg/matroska.js";
import { type Outcome, readHead, runFfmpeg } from "../ffmpeg/runFfmpeg.js";
import { defaultStream, listStreams, type VideoStream } from "./streams.js";
import type { Size } from "../picture.js";
import { noStreamError, videoError } from "./videoError.js";
import type { VideoInput } from "./videoInput.js";

/** What must be known of a video stream before its filters can be chosen. */
export interface StreamInfo {
  /** Which one, for `-map` and for filter graphs: made of a number. */
  readonly specifier: string;
  /** As ffmpeg names it. */
  readonly codec: string;
  /** Arguments before the input: the decoder where it is not ffmpeg's own choice, and its limits. */
  readonly decoding: readonly string[];
  /** After turning; the pixels may be oblong. */
  readonly stored: Size;
  /** With square pixels. */
  readonly size: Size;
  readonly colour: Colour;
  /** As the container says it, by Matroska's numbers. */
  readonly range: number;
  readonly hasAlpha: boolean;
  readonly interlaced: boolean;
  readonly orientation: readonly string[];
  readonly timeBase: Fraction;
  /** False where packets carry no times of presentation: those of the frames are ffmpeg's guess. */
  readonly timed: boolean;
  /** Where the clock stands at the start of the clip, in ticks of `timeBase`. */
  readonly origin: number;
  readonly warnings: readonly string[];
}

/** Film shown as interlaced video repeats a pattern over five frames, three of which are progressive. */
const FRAMES = 10;

/** A corner says as much as the whole of what kind of picture it is. */
const CORNER = "crop='min(iw,16)':'min(ih,16)':0:0";

const LONGEST_HEADER = 2 ** 20;

/** The decoders that know of the transparency beside the pictures. */
const alphaDecoders: ReadonlyMap<string, string> = new Map([
  ["vp8", "libvpx"],
  ["vp9", "libvpx-vp9"],
]);

interface FirstFrames {
  /** Absent where none was decoded. */
  readonly frame: (Size & { readonly pixelAspect: number; readonly pts: number | undefined }) | undefined;
  /** True where packets carry times of presentation. */
  readonly timed: boolean;
  readonly colour: Colour | undefined;
  readonly interlaced: boolean;
  readonly hasAlpha: boolean;
}

/** Each question to the first frames is an output of its own, whose frame says the answer. */
function questions({ index, timeBase }: VideoStream): string[] {
  const ticks = `${timeBase.numerator}/${timeBase.denominator}`;
  const asked = ["-map", `0:V:${index}`, "-map_metadata", "-1"];
  const interlaced = `trim=end_frame=${FRAMES},select='not(eq(interlace_type,PROGRESSIVE))',${CORNER}`;
  return [
    ...[...asked, "-frames:v", "1", "-enc_time_base", ticks, "-f", "framecrc", "pipe:1"],
    ...[...asked, "-frames:v", "1", "-vf", CORNER, "-c:v", "ffv1", "-f", "matroska", "pipe:3"],
    ...[...asked, "-vf", interlaced, "-f", "framecrc", "pipe:4"],
    ...[...asked, "-frames:v", "1", "-vf", CORNER, "-c:v", "pam", "-f", "image2pipe", "pipe:5"],
    ...[...asked, "-frames:v", "1", "-c", "copy", "-f", "framecrc", "pipe:6"],
  ];
}

async function answers(stdout: Readable, pipes: readonly Readable[]): Promise<FirstFrames> {
  const [matroska, fields, pam, copied] = pipes;
  const decoded = new Framecrc();
  const [[frame], header, interlaced, picture, [packet]] = await Promise.all([
    decoded.readThrough(stdout),
    readHead(matroska, LONGEST_HEADER),
    new Framecrc().readThrough(fields ?? stdout),
    readHead(pam, LONGEST_HEADER),
    new Framecrc().readThrough(copied ?? stdout),
  ]);
  const [shape] = decoded.streams;
  return {
    frame: shape && frame && { ...shape, pts: frame.pts },
    timed: packet?.pts !== undefined,
    colour: readTracks(header)[0]?.colour,
    interlaced: interlaced.length > 0,
    hasAlpha: Buffer.from(picture.subarray(0, 128)).includes("_ALPHA\n"),
  };
}

async function decodeFirst(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  stream: VideoStream,
  decoding: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Outcome<FirstFrames>> {
  const args = [...decoding, ...input.arguments, ...questions(stream)];
  return runFfmpeg(ffmpeg, input, args, { signal, pipes: 4 }, ({ stdout, pipes }) => answers(stdout, pipes));
}

/** What the frames say goes before what the container says; each may be silent. */
function mergeColours(first: Colour = NO_COLOUR, second: Colour = NO_COLOUR): Colour {
  const pick = (key: keyof Colour): number => (first[key] === NO_COLOUR[key] ? second[key] : first[key]);
  return { matrix: pick("matrix"), transfer: pick("transfer"), primaries: pick("primaries") };
}

/** Colours that no filter here can show would be scored as if they were others. */
function checkColours({ track }: VideoStream, colour: Colour, name: string): void {
  const { profile, compatibility } = track?.dolbyVision ?? { profile: 0, compatibility: 1 };
  const alone = profile === 5 || (profile >= 10 && compatibility === 0);
  const foreign = alone ? `Dolby Vision profile ${profile}` : unknownColour(colour);
  if (foreign === undefined) return;
  throw expected("colours that can be brought to sRGB", {
    code: "ERR_INPUT_UNSUPPORTED",
    but: `${name} has those of ${foreign}`,
    remedy: "Convert it to HDR10 or SDR first.",
  });
}

/** Finds the stream that players show, and decodes its first frames to learn what they are. */
export async function probeVideo(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  { maxPixels, signal }: { readonly maxPixels: number; readonly signal?: AbortSignal | undefined },
): Promise<StreamInfo> {
  const limits = limitArguments(maxPixels);
  const streams = await listStreams(ffmpeg, input, limits, signal);
  const stream = defaultStream(streams);
  if (!stream) throw await noStreamError(ffmpeg, input, limits, signal);
  checkFrame(stream, maxPixels, input.name);
  const decoding = [...limits, ...threadArguments(stream)];
  const alphaDecoder = stream.track?.hasAlpha ? alphaDecoders.get(stream.codec) : undefined;
  const withAlpha = alphaDecoder === undefined ? decoding : [...decoding, "-c:v", alphaDecoder];
  const outcome = await decodeFirst(ffmpeg, input, stream, withAlpha, signal);
  const lacking = alphaDecoder !== undefined && !outcome.value.frame;
  const last = lacking ? await decodeFirst(ffmpeg, input, stream, decoding, signal) : outcome;
  const { frame, timed, ...found } = last.value;
  if (!frame) throw videoError(input, last.complaints, last.exit);
  const size = squareSize(frame, input.name);
  checkFrame(size, maxPixels, input.name);
  const colour = mergeColours(found.colour, stream.track?.colour);
  checkColours(stream, colour, input.name);
  return {
    specifier: `0:V:${stream.index}`,
    codec: stream.codec,
    decoding: lacking ? decoding : withAlpha,
    stored: { width: frame.width, height: frame.height },
    size,
    colour,
    range: stream.track?.range ?? 0,
    hasAlpha: found.hasAlpha,
    interlaced: found.interlaced || stream.track?.interlaced === true,
    orientation: stream.orientation,
    timeBase: stream.timeBase,
    timed,
    origin: timed ? 0 : (frame.pts ?? 0),
    warnings: [
      ...(streams.length > 1
        ? [
            `${input.name} has ${streams.length} video streams; number ${stream.index + 1}, the default, was taken`,
          ]
        : []),
      ...(lacking
        ? [`${input.name} has transparency, which this ffmpeg leaves out for want of ${alphaDecoder}`]
        : []),
    ],
  };
}
