/**
 * Types of the raw addon in native/. It knows text, pictures, token ids and logits, and trusts its arguments:
 * whoever calls it has checked them.
 */
import type { TonescoreError } from "../errors.js";

/** Text to tokenise; where `special` is false, tokens such as `<|im_end|>` are spelled out as plain text. */
export interface TextSegment {
  readonly text: string;
  readonly special: boolean;
}

/** Ends one job early, from any moment on: its promise rejects with `ERR_ABORTED`. */
export interface AbortSwitch {
  abort(): void;
}

/** What an mmproj says of its encoder of pictures; 0 where it says nothing. It is its author's word: any text, any size. */
export interface NativeEncoderInfo {
  /** libmtmd's name of the projector's type. */
  readonly projector: string;
  /** Pixels a side. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** Patches a side that become one token. */
  readonly merged: number;
  /** Whether one stands before the patches, as CLIP's does. */
  readonly classEmbedding: boolean;
  /** Whether a large picture is cut into tiles of listed grids. */
  readonly tiles: boolean;
}

export interface NativeModelInfo {
  readonly architecture: string;
  readonly name: string;
  /** Jinja source from the GGUF. */
  readonly chatTemplate: string | undefined;
  readonly bosText: string;
  readonly eosText: string;
  /** Whether the tokenizer itself puts the begin-of-sequence token in front. */
  readonly addsBos: boolean;
  readonly vocabularySize: number;
  /** The most tokens that the model was trained for. */
  readonly contextLength: number;
  readonly encoder: NativeEncoderInfo;
  /** Of the language model's weights. */
  readonly bytes: number;
}

/** An encoded picture: good under any number of prompts, for any session of the same model. */
export interface NativePicture {
  readonly tokens: number;
  /** Time of preprocessing and encoding. */
  readonly milliseconds: number;
  dispose(): void;
}

export interface NativeSessionOptions {
  readonly threads: number;
  /** Tokens; 0: as many as the model was trained for. */
  readonly maxContext: number;
  /** Per picture, for models of dynamic resolution; -1: the model's own. */
  readonly imageMinTokens: number;
  readonly imageMaxTokens: number;
}

export interface NativeModel {
  readonly info: NativeModelInfo;
  tokenize(segments: readonly TextSegment[], addBos: boolean): Int32Array;
  detokenize(tokens: Int32Array): string;
  createSession(options: NativeSessionOptions, abort?: AbortSwitch): Promise<NativeSession>;
  dispose(): void;
}

/** Text to evaluate after the prefix, and the tokens whose logits at its end are wanted. */
export interface Continuation {
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
}

export interface NativeLogits {
  /** One row a continuation, one raw logit a target. */
  readonly logits: readonly Float32Array[];
  /** One a continuation, over the whole vocabulary. */
  readonly logSumExp: Float32Array;
}

/** A native thread with a queue of its own: jobs run one after another, in order. */
export interface NativeSession {
  /**
   * `rgb` must not be changed or transferred until `onTaken` is called, or the promise settles. With `onTaken` it is given
   * away: its memory goes back to the system while it is read.
   */
  encode(
    rgb: Uint8Array,
    width: number,
    height: number,
    abort?: AbortSwitch,
    onTaken?: () => void,
  ): Promise<NativePicture>;
  /** The prefix is evaluated once, each continuation after it as if it were the only one. */
  score(
    prefix: readonly (Int32Array | NativePicture)[],
    continuations: readonly Continuation[],
    abort?: AbortSwitch,
  ): Promise<NativeLogits>;
  /** Waits for the jobs before it, then frees the session's memory and thread. */
  close(): Promise<void>;
}

export interface NativeModelOptions {
  readonly model: string;
  readonly mmproj: string;
  /** 0: CPU only; negative: all. */
  readonly gpuLayers: number;
  /**
   * Weights as they lie in the file, where the CPU would have a faster copy of them, and the encoder or the language
   * model's working memory, but never both.
   */
  readonly lowMemory?: boolean;
}

/** What a model would be asked. */
export interface NeedOptions extends NativeModelOptions, Omit<NativeSessionOptions, "threads"> {
  readonly lowMemory: boolean;
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
}

/** Bytes on one kind of device. */
export interface NativeNeedOn {
  /** Of the language model. */
  readonly weights: number;
  /** Weights of an mPLUG-Owl2's language model that it has once more, for pictures. */
  readonly visual: number;
  /** Keys and values of a context that holds the picture and a question. */
  readonly cache: number;
  readonly compute: number;
  /** The encoder's weights. */
  readonly encoder: number;
  readonly encoding: number;
}

/** What a model with one session would take of memory. */
export interface NativeNeed {
  readonly host: NativeNeedOn;
  readonly gpu: NativeNeedOn;
  /** The encoder's, by libmtmd's name. */
  readonly projector: string;
  /** Of the picture. */
  readonly tokens: number;
  /** That can be on a GPU, the output among them. */
  readonly layers: number;
}

/** A language model of another file, with smaller weights. */
export interface QuantiseOptions {
  readonly input: string;
  readonly output: string;
  /** llama.cpp's number of the file type. */
  readonly type: number;
  readonly threads: number;
  /** Bytes of a tensor's rows in memory at once, at most. */
  readonly buffer: number;
}

/** An mmproj some of whose tensors take the places of a language model's. */
export interface MatchOptions {
  readonly input: string;
  /** The language model, whose types they are to have. */
  readonly like: string;
  /** What stands before the name of the tensor whose place one takes. */
  readonly prefix: string;
  readonly output: string;
}

export interface Device {
  readonly name: string;
  readonly description: string;
  readonly backend: string;
  readonly gpu: boolean;
  /** Bytes of its memory. */
  readonly free: number;
}

/** What NVIDIA's driver says. */
export interface CudaDriver {
  /** The CUDA that it is for: 13010 is 13.1. 0 where it did not say. */
  readonly version: number;
  /** Those that it shows, which CUDA_VISIBLE_DEVICES may make fewer; compute capability 9.0 is 90. */
  readonly devices: readonly { readonly name: string; readonly capability: number }[];
  /** CUDA's name for what went wrong: `CUDA_ERROR_NO_DEVICE`. */
  readonly error?: string;
}

export interface NativeAddon {
  /** The release of llama.cpp, such as `v0.5.0`. */
  readonly llamaCpp: string;
  init(errorClass: typeof TonescoreError, moduleFolder: string): void;
  /** Asks NVIDIA's driver, with no module for CUDA; undefined where there is none. */
  cudaDriver(): CudaDriver | undefined;
  /** Loads a module of ggml's, after the libraries of the system that it needs (Linux). False where one does not load. */
  loadBackend(path: string, systemLibraries: readonly string[]): boolean;
  devices(): Device[];
  /** Has the C library (glibc) give freed memory back to the system sooner; for a process of our own. */
  keepLessMemory(): void;
  /**
   * Looks through a JPEG file, which must not change meanwhile, for what its decoder would pass over: `whole`, `unknown`
   * where it is coded in a way that is not followed, or what is damaged.
   */
  checkJpeg(file: Uint8Array): Promise<string>;
  /** Gives an array's memory back now, and leaves it empty; for what no thread uses. */
  free(array: Uint8Array): void;
  /** Ends the process at once when its standard input ends; for a process of our own. */
  endWithHost(): void;
  /** Ends every thread of this environment and drops its jobs; for the process's `exit` event. */
  stopWorkers(): void;
  readonly AbortSwitch: new () => AbortSwitch;
  /** Runs to its end on a thread of its own; what is to be cut short runs in a process that can be ended. */
  quantise(options: QuantiseOptions): Promise<void>;
  /** Writes an mmproj once more; as `quantise`. */
  matchTypes(options: MatchOptions): Promise<void>;
  /** Lays the model out, in no memory, on a thread of its own. */
  measureNeed(options: NeedOptions): Promise<NativeNeed>;
  loadModel(
    options: NativeModelOptions,
    onProgress: (fraction: number) => void,
    abort?: AbortSwitch,
  ): Promise<NativeModel>;
}
