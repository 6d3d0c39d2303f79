/** Every code that a {@link TonescoreError} can carry. Codes are stable across releases; messages are not. */
export type ErrorCode =
  | "ERR_INVALID_ARGUMENT"
  | "ERR_NODE_VERSION"
  | "ERR_NATIVE_LOAD"
  | "ERR_ENGINE_CRASHED"
  | "ERR_MODEL_NOT_FOUND"
  | "ERR_MODEL_INVALID"
  | "ERR_DOWNLOAD"
  | "ERR_MMPROJ_MISMATCH"
  | "ERR_NO_VISION"
  | "ERR_CHAT_TEMPLATE"
  | "ERR_PRESET"
  | "ERR_ANSWER_TOKENS"
  | "ERR_CONTEXT_SIZE"
  | "ERR_INFERENCE"
  | "ERR_INPUT_NOT_FOUND"
  | "ERR_INPUT_UNREADABLE"
  | "ERR_INPUT_UNSUPPORTED"
  | "ERR_IMAGE_DECODE"
  | "ERR_IMAGE_TOO_LARGE"
  | "ERR_VIDEO_DECODE"
  | "ERR_VIDEO_NO_STREAM"
  | "ERR_FFMPEG_NOT_FOUND"
  | "ERR_OUTPUT"
  | "ERR_RESUME"
  | "ERR_DATASET"
  | "ERR_NO_CORRELATION"
  | "ERR_CALIBRATION"
  | "ERR_OUT_OF_MEMORY"
  | "ERR_DISPOSED"
  | "ERR_ABORTED"
  | "ERR_UNEXPECTED";

/** What is wrong with the model and not with an input: the next input would fail as well. */
export const modelErrors: readonly ErrorCode[] = [
  "ERR_NATIVE_LOAD",
  "ERR_MODEL_NOT_FOUND",
  "ERR_MODEL_INVALID",
  "ERR_DOWNLOAD",
  "ERR_MMPROJ_MISMATCH",
  "ERR_NO_VISION",
];

/** The one error class of this library: a stable `code`, and a message that says what to do. */
export class TonescoreError extends Error {
  override readonly name = "TonescoreError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The engine's own process cannot be had, whatever the input. */
export class EngineLost extends TonescoreError {
  constructor(message: string, options?: ErrorOptions) {
    super("ERR_ENGINE_CRASHED", message, options);
  }
}

/** A model that is known by its name and not on this machine. */
export class ModelNotHere extends TonescoreError {
  constructor(
    message: string,
    /** What brings it, as it was named. */
    readonly model: string,
  ) {
    super("ERR_MODEL_NOT_FOUND", message);
  }
}
