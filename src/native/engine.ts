import { TonescoreError } from "../errors.js";
import type {
  Continuation,
  NativeLogits,
  NativeModelInfo,
  NativeSessionOptions,
  TextSegment,
} from "./addon.js";
import type { Gpu } from "./gpuNames.js";

/** 8-bit sRGB, 3 bytes a pixel. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** The pixels are given away: their memory may go while they are read, and at the latest when this is called. */
  readonly onTaken?: (() => void) | undefined;
  /** Makes them once more, for an engine that lost them with its process. Without it they are kept to the end. */
  readonly again?: (() => Promise<Pixels>) | undefined;
}

/** Text before a picture, and what is evaluated after it, each continuation as if it were the only one. */
export interface Asked {
  readonly before: Int32Array;
  readonly continuations: readonly Continuation[];
}

/** How a model is used, as far as its memory depends on it. */
export interface MemoryUse extends Omit<NativeSessionOptions, "threads"> {
  /** In all. */
  readonly threads: number;
  readonly lowMemory: boolean;
  /** Of pictures, in memory at once. */
  readonly maxPixels: number;
  /** Projectors of the families whose pictures are padded to squares. */
  readonly squares: readonly string[];
  /** Models that could stand in for it, the best first, with the bytes of their files. */
  readonly smaller: readonly { readonly name: string; readonly bytes: number }[];
}

export interface EngineOptions {
  readonly model: string;
  readonly mmproj: string;
  readonly gpu: Gpu;
  readonly memory: MemoryUse;
  /** Seconds without a sign of life, after which a process of the engine's own is ended. */
  readonly timeLimit: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with 0 to 1 while the model loads. */
  readonly onLoad?: ((fraction: number) => void) | undefined;
}

/** What is known of a loaded model and of what runs it. */
export interface EngineFacts {
  readonly info: NativeModelInfo;
  /** The release of llama.cpp. */
  readonly llamaCpp: string;
  /** The devices that compute, such as `CPU`. */
  readonly backend: string;
  readonly onGpu: boolean;
  /** What its user is to know: why a GPU is not used. */
  readonly warnings: readonly string[];
  /** Why the first picture may take long; undefined where it should not. */
  readonly slowStart: string | undefined;
}

/** A picture that an engine has encoded and holds, for any session of it. */
export interface EncodedPicture {
  readonly tokens: number;
  release(): void;
}

/** Pictures that an engine held went with its process: they have to be encoded once more. */
export class PicturesLost extends TonescoreError {
  constructor() {
    const what = "The engine's process ended while it held several pictures that were to be read together.";
    super(
      "ERR_ENGINE_CRASHED",
      `${what} Leave this input out, and report it together with the model's name.`,
    );
  }
}

/** Pictures are read one after another, in order. */
export interface EngineSession {
  /**
   * Encodes a picture once and reads the logits that are asked for, in the order of asking. The pixels must not change
   * until they are taken or it is done.
   * @throws {TonescoreError} `ERR_CONTEXT_SIZE`, `ERR_INFERENCE`, `ERR_ABORTED`, `ERR_ENGINE_CRASHED`, …
   */
  read(picture: Pixels, asked: readonly Asked[], options?: ReadOptions): Promise<NativeLogits[]>;
  /** Encodes a picture that is to be asked about together with others. @throws as {@link read} */
  encode(picture: Pixels, options?: ReadOptions): Promise<EncodedPicture>;
  /**
   * Reads logits after several pictures in one prompt, one after another between the text before and the continuations.
   * @throws {PicturesLost} and as {@link read}
   */
  readTogether(
    pictures: readonly EncodedPicture[],
    asked: Asked,
    options?: Pick<ReadOptions, "signal">,
  ): Promise<NativeLogits>;
  /** Waits for what is under way, then frees the session. */
  close(): Promise<void>;
}

/** A loaded model, in this process or in one of its own: whoever uses it does not know which. */
export interface Engine extends EngineFacts {
  tokenize(segments: readonly TextSegment[], addBos: boolean): Promise<Int32Array>;
  openSession(options: NativeSessionOptions, signal?: AbortSignal): Promise<EngineSession>;
  /** Frees the model. Its sessions are closed before. */
  close(): Promise<void>;
}

export type OpenEngine = (options: EngineOptions) => Promise<Engine>;
