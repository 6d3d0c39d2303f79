import { spawn } from "node:child_process";
import { Readable, Writable } from "node:stream";
import type { Ffmpeg } from "./findFfmpeg.js";
import { FfmpegLog } from "./ffmpegLog.js";

/**
 * Containers and bare streams that carry their own pictures. Left out are all that make ffmpeg open what they
 * name (HLS, DASH, concat scripts, SDP, image patterns), capture devices and script hosts.
 */
const FORMATS = [
  "mov matroska avi mpegts mpeg mpegvideo flv live_flv asf asf_o ogg nut ivf obu av1 mxf gxf dv wtv rm yuv4mpegpipe",
  "h264 hevc vvc evc m4v h263 h261 vc1 vc1test dirac cavsvideo avs2 avs3 mjpeg mjpeg_2000 mpjpeg smjpeg gif apng",
  "webm 3gp mp4 swf roq bink smk flic cine dnxhd ingenient lmlm4 nuv nsv pva r3d film_cpk thp vivo mtv ty",
]
  .join(" ")
  .replaceAll(" ", ",");

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** How many pipes ffmpeg writes to beside stdout: `pipe:3` and on. Each must be read. */
  readonly pipes?: number;
}

export interface Exit {
  readonly code: number | null;
  /** The signal that ended it, as when it crashed. */
  readonly signal: NodeJS.Signals | null;
}

/** The arguments that open one input, and nothing else that it might name; as `format` where one is given. */
export const inputArguments = (url: string, format?: string, formats = format ?? FORMATS): string[] => [
  ...["-protocol_whitelist", "file,pipe", "-format_whitelist", formats],
  ...(format === undefined ? [] : ["-f", format]),
  ...["-i", url],
];

/**
 * Frames as PPM pictures on stdout: each says its own size, and every build of ffmpeg can write them. More threads
 * would hold more pictures back.
 */
export const FRAMES_OUT: readonly string[] = [
  ...[
    "-f",
    "image2pipe",
    "-c:v",
    "ppm",
    "-pix_fmt",
    "rgb24",
    "-threads",
    "1",
    "-flush_packets",
    "1",
    "pipe:1",
  ],
];

/** A running ffmpeg. It is stopped by {@link FfmpegProcess.stop}, by the signal, or by coming to its end. */
export class FfmpegProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** What it writes to `pipe:3` and on, in order. */
  readonly pipes: readonly Readable[];
  /** Settles when it is gone and its pipes are closed; never rejects. */
  readonly exit: Promise<Exit>;
  readonly #log = new FfmpegLog();
  readonly #kill: () => void;

  constructor(ffmpeg: Ffmpeg, args: readonly string[], { signal, pipes = 0 }: RunOptions = {}) {
    const common = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+warning"];
    const child = spawn(ffmpeg.path, [...common, ...args], {
      windowsHide: true,
      stdio: ["pipe", "pipe", "pipe", ...Array<"pipe">(pipes).fill("pipe")],
    });
    const [stdin, stdout, stderr, ...others] = child.stdio;
    this.stdin = stdin instanceof Writable ? stdin : new Writable();
    this.stdout = readable(stdout);
    this.pipes = others.map(readable);
    this.#kill = () => child.kill("SIGKILL");
    this.exit = new Promise((resolve) => {
      child.once("close", (code, killedBy) => {
        signal?.removeEventListener("abort", this.#kill);
        resolve({ code, signal: killedBy });
      });
    });
    // A failed start closes too, and a reader that leaves early breaks the pipe: both show in `exit`.
    child.on("error", (error) => {
      this.#log.write(`[error] ${error.message}\n`);
    });
    for (const pipe of [this.stdin, this.stdout, ...this.pipes]) pipe.on("error", () => undefined);
    readable(stderr)
      .setEncoding("utf8")
      .on("data", (chunk: string) => {
        this.#log.write(chunk);
      });
    if (signal?.aborted) this.#kill();
    signal?.addEventListener("abort", this.#kill, { once: true });
  }

  get complaints(): readonly string[] {
    return this.#log.complaints;
  }

  /** Ends it at once, if it still runs, and waits until it is gone. */
  async stop(): Promise<Exit> {
    this.#kill();
    for (const pipe of [this.stdout, ...this.pipes]) pipe.destroy();
    return this.exit;
  }
}

/** A process that did not start has no pipes. */
const readable = (pipe: unknown): Readable => (pipe instanceof Readable ? pipe : Readable.from([]));
