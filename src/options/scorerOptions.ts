import { MAX_PIXELS } from "../media/maxPixels.js";
import { gpuNames } from "../native/gpuNames.js";
import { MAX_THREADS } from "../native/threads.js";
import type { PresetChoice } from "../prompts/loadPreset.js";
import { DEFAULT_IMAGE_PRESET, DEFAULT_VIDEO_PRESET } from "../prompts/presets.js";
import { scaleNames } from "../scoring/scale.js";
import { DEFAULT_TRUST_THRESHOLD } from "../scoring/trustThreshold.js";
import { viewsNames } from "../scoring/views.js";
import {
  either,
  flag,
  type Kind,
  listOf,
  number,
  oneOf,
  path,
  record,
  text,
  whole,
} from "../util/arguments.js";
import { keyAndJson } from "./keyAndJson.js";
import { option } from "./option.js";

/** Counts are 32-bit integers to llama.cpp. */
const MOST = 2 ** 31 - 1;
const tokens = whole(1, MOST);
const preset: Kind<PresetChoice> = either(path, record) as Kind<PresetChoice>;

/** What the model is asked. */
export const asking = {
  /** For pictures: a built-in name, a JSON file or a preset itself. Default `qboost`. */
  preset: option(preset, {
    namesFile: true,
    flag: {
      spelling: "-p, --preset <name|file>",
      help: "built-in preset or a JSON file of your own",
      otherwise: DEFAULT_IMAGE_PRESET,
    },
  }),
  /** For videos. Default `qboost-ensemble`, or `preset` where that is given. */
  videoPreset: option(preset, {
    namesFile: true,
    flag: {
      spelling: "--video-preset <name|file>",
      help: "preset for videos",
      otherwise: `--preset if given, else ${DEFAULT_VIDEO_PRESET}`,
    },
  }),
  /** A question of your own, asked instead of the preset's. */
  question: option(text, {
    flag: { spelling: "--question <text>", help: "a question of your own instead of the preset's" },
  }),
  /** Answer words of your own, such as `good,high=1; average=0.5; poor=0`. */
  tones: option(text, {
    flag: {
      spelling: "--tones <words>",
      help: 'answer words of your own: "good,high=1; average=0.5; poor=0"',
    },
  }),
};

/** Divides the logits before the softmax, instead of the preset's; above 0. */
export const temperature = option(
  number("a number above 0", (value) => value > 0),
  { flag: { spelling: "--temperature <number>", help: "divide the logits by this before the softmax" } },
);

/** The model, and what it may use of the machine. */
export const engine = {
  /**
   * A name of the catalogue or `hf:owner/repository:quantisation`, of a model that was downloaded; a GGUF file or a folder
   * with one; the bundled model where absent. A scorer downloads nothing.
   */
  model: option(path, {
    namesFile: true,
    flag: {
      spelling: "-m, --model <name|file|folder>",
      help: "a model's name (see models), or a GGUF vision model",
      otherwise: "the bundled one",
    },
  }),
  /** The picture encoder's GGUF; looked for beside the model where absent. */
  mmproj: option(path, {
    namesFile: true,
    flag: {
      spelling: "--mmproj <file>",
      help: "its picture encoder",
      otherwise: "looked for beside the model",
    },
  }),
  /** Named chat template, jinja source or a jinja file, for models that carry none. */
  template: option(text, {
    namesFile: true,
    flag: {
      spelling: "--template <name|file>",
      help: "chat template, for models whose GGUF has none",
    },
  }),
  templateArguments: option(record, {
    flag: {
      spelling: "--template-arg <key=json>",
      help: "argument of the chat template; may be repeated",
      gather: keyAndJson,
    },
  }),
  gpu: option(oneOf(gpuNames), {
    default: "auto",
    flag: { spelling: "--gpu <name>", help: gpuNames.join(", ") },
  }),
  /**
   * Run the model in a process of its own, so that a crash of native code is the error of the input that it happened
   * with, and ends nothing else.
   */
  isolate: option(flag, {
    default: false,
    flag: {
      spelling: "--isolate",
      help: "run the model in a process of its own, which is started again where an input crashes it",
      otherwise: "with more than one input",
      opposite: "run it in the one process, which takes less memory",
    },
  }),
  /** Seconds without a sign of life, after which such a process is ended. Default 600. */
  timeLimit: option(
    number("a number of seconds above 0 and up to 1,000,000", (value) => value > 0 && value <= 1e6),
    {
      default: 600,
      flag: {
        spelling: "--time-limit <seconds>",
        help: "end a model's own process that gives no sign of life for so long",
      },
    },
  ),
  /** CPU threads in all. Default: as many as the process may run at once, and 512 at most. */
  threads: option(whole(1, MAX_THREADS), {
    flag: { spelling: "-t, --threads <count>", help: "CPU threads", otherwise: "the number of cores" },
  }),
  /**
   * Take as little memory as can be, and more time: weights as they lie in the file, the picture's encoder loaded for each
   * picture and freed after it, one picture at a time.
   */
  lowMemory: option(flag, {
    recorded: true,
    flag: {
      spelling: "--low-memory",
      help: "as little memory as can be: the encoder is loaded anew for each picture, one at a time",
    },
  }),
  /** Tokens; caps the context below what the model was trained for. */
  maxContext: option(tokens, {
    flag: {
      spelling: "--max-context <tokens>",
      help: "cap on the context",
      otherwise: "the model's own",
    },
  }),
  /** Tokens a picture, for models of dynamic resolution. */
  imageMinTokens: option(tokens, {
    recorded: true,
    flag: {
      spelling: "--image-min-tokens <count>",
      help: "least tokens a picture, for models of dynamic resolution",
    },
  }),
  imageMaxTokens: option(tokens, {
    recorded: true,
    flag: { spelling: "--image-max-tokens <count>", help: "most tokens a picture, likewise" },
  }),
  /**
   * How pictures are looked at that are larger than 512 × 512 pixels: as a `whole`, or besides in the two crops of that
   * size that show most `detail`. Default: what the catalogue has for a model that is known, and else `whole`.
   */
  views: option(oneOf(viewsNames), {
    flag: {
      spelling: "--views <name>",
      help: "looks at pictures above 512 × 512: whole, or detail: also crops of most detail, at full size",
      otherwise: "detail with the bundled model, else whole",
    },
  }),
  /**
   * Pixels in memory at once, of all pictures and video frames together: what has more by itself is decoded smaller,
   * where that is enough for the bundled model and the picture can be decoded so, or refused, and the others wait for
   * room. Default 67,108,864 (8192 × 8192), and fewer in machines and containers with less than 700 MB.
   */
  maxPixels: option(whole(1, Number.MAX_SAFE_INTEGER), {
    default: MAX_PIXELS,
    flag: {
      spelling: "--max-pixels <count>",
      help: "pixels in memory at once: a larger picture is decoded smaller, or an error",
    },
  }),
};

/** The ffmpeg program; looked for where absent. */
export const ffmpeg = option(path, {
  namesFile: true,
  flag: {
    spelling: "--ffmpeg <path>",
    help: "the ffmpeg program",
    otherwise: "$FFMPEG_PATH, an npm package, then $PATH",
  },
});

/** How a score is given. */
export const judging = {
  /** `unit` (0 to 1, the default), `percent` (0 to 100) or `mos` (1 to 5). */
  scale: option(oneOf(scaleNames), {
    default: "unit",
    flag: {
      spelling: "--scale <name>",
      help: "unit: 0 to 1, percent: 0 to 100, mos: 1 to 5",
    },
  }),
  /** The answer mass below which a result is not trusted, 0 to 1. Default 0.5. */
  trustThreshold: option(
    number("a number from 0 to 1", (value) => value >= 0 && value <= 1),
    {
      default: DEFAULT_TRUST_THRESHOLD,
      recorded: true,
      flag: {
        spelling: "--trust-threshold <mass>",
        help: "warn if the model answers with the tone words less often",
      },
    },
  ),
};

/** All that a scorer can be set to when it is made. */
export const scorerSettings = {
  ...asking,
  /** Further presets, for `scoreAllByPreset`: all of them share the encoding of a picture. */
  alsoPresets: option(listOf(preset), {}),
  temperature,
  ...engine,
  ffmpeg,
  ...judging,
};
