import { TonescoreError } from "../errors.js";
import { codeOf } from "../util/codeOf.js";
import { messageOf } from "../util/messageOf.js";

/** What may go better a moment later: a cut connection, a server that is busy. */
export class Transient extends Error {
  override readonly name = "Transient";

  /** @param wait milliseconds that the server asks for. */
  constructor(
    message: string,
    readonly wait?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const downloadError = (message: string, cause?: unknown): TonescoreError =>
  new TonescoreError("ERR_DOWNLOAD", message, cause === undefined ? undefined : { cause });

const sayings: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is not known here (is there a network?)",
  EAI_AGAIN: "its name cannot be looked up (is there a network?)",
  ECONNREFUSED: "it does not take connections",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  EPIPE: "the connection was cut",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the connection was cut",
  UND_ERR_CONNECT_TIMEOUT: "no connection came about in time",
  UND_ERR_HEADERS_TIMEOUT: "it was silent for too long",
  UND_ERR_BODY_TIMEOUT: "it was silent for too long",
  ETIMEDOUT: "it was silent for too long",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted (NODE_EXTRA_CA_CERTS names further ones)",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted (NODE_EXTRA_CA_CERTS names further ones)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted (NODE_EXTRA_CA_CERTS names further ones)",
};

const permanent = /CERT|UNABLE_TO_VERIFY|SELF_SIGNED/;

/** What the network says, as something that may pass, or as the error that it is. */
export function networkFailure(host: string, cause: unknown): Transient | TonescoreError {
  const code = codeOf(cause) ?? codeOf(cause instanceof Error ? cause.cause : undefined) ?? "";
  const saying = sayings[code] ?? messageOf(cause);
  if (permanent.test(code)) return downloadError(`Cannot download from ${host}: ${saying}.`, cause);
  return new Transient(saying, undefined, { cause });
}

const full: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "its file system is read-only",
};

/** Why something cannot be written below the cache. */
export function diskFailure(path: string, cause: unknown): TonescoreError {
  if (cause instanceof TonescoreError) return cause;
  const reason = full[String(codeOf(cause))] ?? messageOf(cause);
  const remedy =
    "Free some, or name another folder with HF_HOME. What was downloaded stays, and is gone on with.";
  const advice = /^(ENOSPC|EDQUOT)$/.test(String(codeOf(cause)))
    ? remedy
    : "Name another folder with HF_HOME.";
  return downloadError(`Cannot write to "${path}": ${reason}. ${advice}`, cause);
}
