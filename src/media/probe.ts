import { throwIfAborted } from "../abort.js";
import type { Ffmpeg } from "./ffmpeg.js";
import type { LogLine } from "./ffmpeg-log.js";
import { FfmpegProcess, inputArguments } from "./ffmpeg-process.js";
import { type FrameColour, ShowinfoReader, type ShownFrame } from "./showinfo.js";
import { videoError } from "./video-error.js";
import type { VideoInput } from "./video-input.js";

/** What must be known of a video stream before its filters can be chosen. */
export interface StreamInfo extends FrameColour {
  /** Size after rotation. */
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly interlaced: boolean;
  /** Degrees clockwise that ffmpeg turns the frames. */
  readonly rotation: number;
}

/** Film shown as interlaced video repeats a pattern over five frames, three of which are progressive. */
const FRAMES = 10;

const UNKNOWN: FrameColour = { matrix: "unknown", primaries: "unknown", transfer: "unknown" };

/** The first moving-picture stream: V leaves out cover art, which is a video stream to ffmpeg. */
export const FIRST_VIDEO: readonly string[] = ["-map", "0:V:0"];

/** Collects what ffmpeg's log says of the streams of its input, up to the first line about its output. */
class HeaderReader {
  #stream = "";
  #atOutput = false;
  readonly #rotations = new Map<string, number>();
  readonly #interlaced = new Set<string>();
  /** The stream that is decoded, as in `0:1`. */
  #mapped = "";

  readonly read = ({ component, text }: LogLine): void => {
    if (component) return;
    this.#mapped = /^ +Stream #(\d+:\d+) .*-> #0:0/.exec(text)?.[1] ?? this.#mapped;
    if (/^(Output|Stream mapping)/.test(text)) this.#atOutput = true;
    if (this.#atOutput) return;
    this.#stream = /^ *Stream #(\d+:\d+)/.exec(text)?.[1] ?? this.#stream;
    if (/^ *Stream #.*: Video: .*\b(top|bottom) (coded )?first/.test(text))
      this.#interlaced.add(this.#stream);
    const turn = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(text)?.[1];
    if (turn !== undefined) this.#rotations.set(this.#stream, (360 - Math.round(Number(turn))) % 360);
  };

  get rotation(): number {
    return this.#rotations.get(this.#mapped) ?? 0;
  }

  get interlaced(): boolean {
    return this.#interlaced.has(this.#mapped);
  }
}

/** Decodes the first frames to learn what the stream is. ffprobe would print it as JSON, but is not always there. */
export async function probeVideo(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  signal?: AbortSignal,
): Promise<StreamInfo> {
  const header = new HeaderReader();
  const frames: ShownFrame[] = [];
  let colour: FrameColour | undefined;
  const showinfo = new ShowinfoReader(
    (frame) => frames.push(frame),
    (seen) => (colour ??= seen),
  );
  const args = [...FIRST_VIDEO, "-vf", "showinfo", "-frames:v", String(FRAMES), "-f", "null", "-"];
  const process = new FfmpegProcess(ffmpeg, [...inputArguments(input.url), ...args], {
    onLine: (line) => {
      header.read(line);
      showinfo.read(line);
    },
    signal,
  });
  process.stdout.resume();
  try {
    await input.feed(process, { keep: true });
    await process.exit;
  } finally {
    await process.stop();
  }
  throwIfAborted(signal);
  const [first] = frames;
  if (!first) throw videoError(input, process.complaints, await process.exit);
  const interlaced = header.interlaced || frames.some((frame) => frame.interlaced);
  return { ...first, ...(colour ?? UNKNOWN), interlaced, rotation: header.rotation };
}
