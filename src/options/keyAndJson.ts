import { TonescoreError } from "../errors.js";

const wrong = (message: string): TonescoreError => new TonescoreError("ERR_INVALID_ARGUMENT", message);

/**
 * Gathers repeated `KEY=JSON` into one record.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`
 */
export function keyAndJson(text: string, earlier: unknown = {}): Readonly<Record<string, unknown>> {
  const [, key, json] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || json === undefined) {
    throw wrong("Expected KEY=JSON, such as enable_thinking=false.");
  }
  try {
    return { ...(earlier as object), [key]: JSON.parse(json) as unknown };
  } catch {
    throw wrong(`Expected JSON after ${key}=; a text needs quotes, as in ${key}='"text"'.`);
  }
}
