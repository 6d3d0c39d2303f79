import { CommanderError } from "commander";
import { EngineLost, modelErrors, TonescoreError, type ErrorCode } from "../errors.js";
import { PipeClosed } from "./output/pipeClosed.js";

/** What the program tells its caller; scripts rely on these numbers. */
export const exitCodes = {
  ok: 0,
  someFailed: 1,
  usage: 2,
  noModel: 3,
  belowLimit: 4,
  interrupted: 130,
} as const;

const usageErrors: readonly ErrorCode[] = [
  "ERR_INVALID_ARGUMENT",
  "ERR_PRESET",
  "ERR_ANSWER_TOKENS",
  "ERR_CHAT_TEMPLATE",
  "ERR_RESUME",
  "ERR_DATASET",
  "ERR_CALIBRATION",
];

/** For an error that ended the program, rather than that of one input. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof PipeClosed) return exitCodes.ok;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(error instanceof TonescoreError)) return exitCodes.someFailed;
  if (error.code === "ERR_ABORTED") return exitCodes.interrupted;
  if (usageErrors.includes(error.code)) return exitCodes.usage;
  const ofModel = modelErrors.includes(error.code) || error.code === "ERR_OUT_OF_MEMORY";
  return ofModel || error instanceof EngineLost ? exitCodes.noModel : exitCodes.someFailed;
}

export interface Outcome {
  readonly failed: number;
  /** Inputs that do not pass a gate: `--fail-under`, `--max-drop`. */
  readonly refused: number;
  /** What the program exits with because it was stopped. */
  readonly interrupted: number | undefined;
}

/** An input that does not pass decides, since no second attempt at the failed ones can change that verdict. */
export function exitCodeOfRun({ failed, refused, interrupted }: Outcome): number {
  if (interrupted !== undefined) return interrupted;
  if (refused > 0) return exitCodes.belowLimit;
  return failed > 0 ? exitCodes.someFailed : exitCodes.ok;
}
