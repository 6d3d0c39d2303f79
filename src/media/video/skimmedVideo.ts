import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import { FfmpegProcess, inputArguments } from "../ffmpeg/ffmpegProcess.js";
import { fragmentHead, readBoxes } from "../ffmpeg/fragments.js";
import { type FramecrcRow, seconds } from "../ffmpeg/framecrc.js";
import { knowsPicturesOf, pictureOf } from "../ffmpeg/nalUnits.js";
import { Rows } from "../ffmpeg/rows.js";
import type { StreamInfo } from "./probe.js";
import type { Schedule } from "./schedule.js";
import { type Packet, Sieve } from "./sieve.js";
import { UNTAGGED } from "./streams.js";
import { happens, type VideoInput, write } from "./videoInput.js";

/** No packet is larger. */
const LARGEST_BOX = 2 ** 26;

/** Where the clock of what is passed on starts, in seconds: decoding may begin before the clip's start. */
const START = 10;

/** What is damaged would be mended with what stands beside it, which may have been left out. */
const AT_FIRST_ERROR = ["-xerror", "-err_detect", "explode"];

/** The packets as they are, twice: what is known of each, and its bytes as MP4, a fragment for each. */
function copies({ specifier, timeBase }: StreamInfo): string[] {
  const copied = [
    "-map",
    specifier,
    "-map_metadata:g",
    "-1",
    "-map_chapters",
    "-1",
    "-c",
    "copy",
    "-copyinkf",
  ];
  const fragmented = ["-movflags", "empty_moov+default_base_moof+frag_every_frame"];
  return [
    ...[...copied, "-f", "framecrc", "pipe:3"],
    ...[...copied, "-video_track_timescale", String(timeBase.denominator)],
    ...[...fragmented, "-f", "mov", "pipe:1"],
  ];
}

/**
 * A file as an input of which only those packets are passed on to ffmpeg that the wanted frames are made of. It takes an
 * ffmpeg of its own, which reads the file and decodes nothing.
 */
export class SkimmedVideo implements VideoInput {
  readonly name: string;
  readonly remedy: string;
  readonly seekable = false;
  readonly arguments: readonly string[];
  /** As {@link StreamInfo}, for what is passed on. */
  readonly info: StreamInfo;
  readonly #source: FfmpegProcess;
  readonly #sieve: Sieve;
  #isWhole = false;
  #last = -Infinity;

  private constructor(source: FfmpegProcess, input: VideoInput, info: StreamInfo, sieve: Sieve) {
    [this.name, this.remedy, this.#source, this.#sieve] = [input.name, input.remedy, source, sieve];
    const range = info.range === 0 ? [] : ["-color_range", String(info.range)];
    this.arguments = ["-copyts", ...AT_FIRST_ERROR, ...range, ...inputArguments("pipe:0", "mov")];
    this.info = { ...info, specifier: "0:V:0", origin: START * info.timeBase.denominator };
  }

  /** `undefined` where all frames must be decoded: of a stream, of codecs whose packets do not say enough, and others. */
  static open(
    ffmpeg: Ffmpeg,
    input: VideoInput,
    info: StreamInfo,
    { part }: Schedule,
    signal: AbortSignal | undefined,
  ): SkimmedVideo | undefined {
    const isPlain = info.timed && !info.interlaced && !info.hasAlpha && info.timeBase.numerator === 1;
    if (!part || !input.indexed || !isPlain || !knowsPicturesOf(info.codec)) return undefined;
    const args = [...info.decoding, ...UNTAGGED, ...input.indexed, ...copies(info)];
    const source = new FfmpegProcess(ffmpeg, args, { signal, pipes: 1 });
    source.stdin.end();
    return new SkimmedVideo(source, input, info, new Sieve(part));
  }

  /** Takes the next frame for one that is wanted, if it is. */
  expects(time: number): boolean {
    if (this.#sieve.expected[0] !== time) return false;
    this.#sieve.expected.shift();
    this.#last = time;
    return true;
  }

  /** When the last frame is shown that was taken for one that is wanted. */
  get last(): number {
    return this.#last;
  }

  /** After the last frame: whether every wanted one came, and nothing is wrong with the file. */
  get isComplete(): boolean {
    return this.#isWhole && this.#sieve.expected.length === 0 && this.#source.complaints.length === 0;
  }

  async feed({ stdin }: FfmpegProcess): Promise<void> {
    const closed = happens(stdin, "close");
    for await (const piece of this.#pieces()) {
      await write(stdin, piece, closed);
      if (stdin.destroyed) return;
    }
    stdin.end();
  }

  /** Ends the ffmpeg that reads the file. */
  async close(): Promise<void> {
    await this.#source.stop();
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    let sequence = 0;
    const written = (packets: readonly Packet[]): Uint8Array[] =>
      packets.flatMap((packet) => [fragmentHead(packet, ++sequence), packet.bytes]);
    const [pipe = this.#source.stdout] = this.#source.pipes;
    const rows = new Rows(pipe);
    for await (const { type, bytes } of readBoxes(this.#source.stdout, LARGEST_BOX)) {
      if (type === "ftyp" || type === "moov") yield bytes;
      if (type !== "mdat") continue;
      const packet = this.#packet(await rows.take(), bytes.subarray(8));
      if (!packet) return;
      yield* written(this.#sieve.put(packet));
    }
    const { code } = await this.#source.exit;
    if (code !== 0) return;
    yield* written(this.#sieve.end());
    this.#isWhole = true;
  }

  /** `undefined` where it is not as such packets are. */
  #packet(row: FramecrcRow | undefined, bytes: Uint8Array): Packet | undefined {
    const picture = pictureOf(this.info.codec, bytes);
    if (row?.pts === undefined || row.dts === undefined || row.isHidden) return undefined;
    if (!picture || row.size !== bytes.length) return undefined;
    const { pts, duration, isKey } = row;
    const { origin, timeBase } = this.info;
    const dts = row.dts + origin;
    if (dts < 0) return undefined;
    return { bytes, picture, isKey, duration, dts, pts: pts + origin, time: seconds(pts, timeBase) };
  }
}
