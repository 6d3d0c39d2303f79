import type { LogLine } from "./ffmpeg-log.js";

/** What ffmpeg's showinfo filter tells of a frame that passes it. */
export interface ShownFrame {
  /** Seconds on ffmpeg's clock, which begins with the clip; 0 where the frame has no time stamp. */
  readonly time: number;
  readonly pixelFormat: string;
  /** Width of a pixel over its height. */
  readonly pixelAspect: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
}

/** Matrix, primaries and transfer by ffmpeg's names; `unknown` where the stream does not say. */
export interface FrameColour {
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
}

const FRAME = /^n: *\d+ pts: *(\S+) .*?fmt:(\S+) .*?sar:(\d+)\/(\d+) s:(\d+)x(\d+) i:(\S)/;
const COLOUR = /color_space:(\S+) color_primaries:(\S+) color_trc:(\S+)/;
const CLOCK = /config in time_base: (\d+)\/(\d+)/;

/** Reads showinfo's lines from the log. The exact time is tick times time base: the seconds it prints are rounded. */
export class ShowinfoReader {
  #timeBase: readonly [numerator: number, denominator: number] = [NaN, NaN];
  readonly #onFrame: (frame: ShownFrame) => void;
  readonly #onColour: (colour: FrameColour) => void;

  constructor(
    onFrame: (frame: ShownFrame) => void,
    onColour: (colour: FrameColour) => void = () => undefined,
  ) {
    this.#onFrame = onFrame;
    this.#onColour = onColour;
  }

  readonly read = ({ component, text }: LogLine): void => {
    if (!component.includes("showinfo")) return;
    const clock = CLOCK.exec(text);
    if (clock) this.#timeBase = [Number(clock[1]), Number(clock[2])];
    const frame = FRAME.exec(text);
    if (frame) this.#onFrame(this.#toFrame(frame));
    const [, matrix, primaries, transfer] = COLOUR.exec(text) ?? [];
    if (matrix && primaries && transfer) this.#onColour({ matrix, primaries, transfer });
  };

  #toFrame([, pts, pixelFormat = "", num, den, width, height, field]: RegExpExecArray): ShownFrame {
    const pixelAspect = Number(num) / Number(den);
    const [numerator, denominator] = this.#timeBase;
    const time = (Number(pts) * numerator) / denominator; // one rounding: 2.8, not 2.8000000000000003
    return {
      time: Number.isFinite(time) ? time : 0,
      pixelFormat,
      pixelAspect: pixelAspect > 0 && Number.isFinite(pixelAspect) ? pixelAspect : 1,
      width: Number(width),
      height: Number(height),
      interlaced: field !== "P",
    };
  }
}
