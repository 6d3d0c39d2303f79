import type { NativeLogits, NativeSessionOptions, TextSegment } from "../addon.js";
import type { Asked, EngineFacts, EngineOptions } from "../engine.js";

/** What the host asks of the engine's process. */
export type Request =
  | ({ readonly ask: "open" } & Pick<EngineOptions, "model" | "mmproj" | "gpu" | "memory">)
  | { readonly ask: "tokenize"; readonly segments: readonly TextSegment[]; readonly addBos: boolean }
  | { readonly ask: "openSession"; readonly options: NativeSessionOptions }
  /** The body is the picture. */
  | ReadRequest
  /** So it is here. */
  | EncodeRequest
  | TogetherRequest
  | { readonly ask: "release"; readonly picture: number }
  | { readonly ask: "closeSession"; readonly session: number };

export interface EncodeRequest {
  readonly ask: "encode";
  readonly session: number;
  readonly width: number;
  readonly height: number;
}

export interface TogetherRequest {
  readonly ask: "readTogether";
  readonly session: number;
  /** By the numbers that encoding gave. */
  readonly pictures: readonly number[];
  readonly asked: AskedTokens;
}

/** A picture that the process holds. */
export interface HeldPicture {
  readonly picture: number;
  readonly tokens: number;
}

/** A request that is a session's, and done in its order. */
export const ofSession = (request: Request): number | undefined =>
  "session" in request && request.ask !== "closeSession" ? request.session : undefined;

export interface ReadRequest {
  readonly ask: "read";
  readonly session: number;
  readonly width: number;
  readonly height: number;
  readonly asked: readonly AskedTokens[];
}

/** {@link Asked} as JSON can hold it. */
export interface AskedTokens {
  readonly before: readonly number[];
  readonly continuations: readonly {
    readonly tokens: readonly number[];
    readonly targets: readonly number[];
  }[];
}

/** A request with its number, or the number of one that is to be given up. */
export type ToChild = ({ readonly id: number } & Request) | { readonly abort: number };

/**
 * What is said of a request: how far it is, and what came of it. Tokens and readings are in the body; a
 * session is a number.
 */
export interface FromChild {
  readonly id: number;
  readonly progress?: number;
  readonly error?: { readonly code?: string; readonly message: string };
  readonly value?: EngineFacts | HeldPicture | number | null | undefined;
}

export const toTokens = ({ before, continuations }: Asked): AskedTokens => ({
  before: [...before],
  continuations: continuations.map(({ tokens, targets }) => ({ tokens: [...tokens], targets: [...targets] })),
});

export const fromTokens = ({ before, continuations }: AskedTokens): Asked => ({
  before: Int32Array.from(before),
  continuations: continuations.map(({ tokens, targets }) => ({
    tokens: Int32Array.from(tokens),
    targets: Int32Array.from(targets),
  })),
});

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Readings as bytes: of each that was asked its logits in a row, then the log-sum-exps. */
export const packReadings = (readings: readonly NativeLogits[]): Uint8Array =>
  Buffer.concat(readings.flatMap(({ logits, logSumExp }) => [...logits, logSumExp].map(bytesOf)));

/** @throws {Error} where the bytes are not the readings of what was asked. */
export function unpackReadings(bytes: Uint8Array, asked: readonly Asked[]): NativeLogits[] {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  let from = 0;
  const take = (count: number): Float32Array => values.subarray(from, (from += count));
  const readings = asked.map(({ continuations }) => ({
    logits: continuations.map(({ targets }) => take(targets.length)),
    logSumExp: take(continuations.length),
  }));
  if (from * 4 !== bytes.byteLength) throw new Error(`${bytes.byteLength} bytes of readings`);
  return readings;
}
