import { expected } from "../util/expected.js";

/**
 * Gathers repeated `KEY=JSON` into one record.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`
 */
export function keyAndJson(text: string, earlier: unknown = {}): Readonly<Record<string, unknown>> {
  const [, key, json] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || json === undefined) {
    throw expected("KEY=JSON, such as enable_thinking=false", { but: 'there is no "="' });
  }
  try {
    return { ...(earlier as object), [key]: JSON.parse(json) as unknown };
  } catch {
    const remedy = `A text needs quotes, as in ${key}='"text"'.`;
    throw expected(`JSON after ${key}=`, { but: "it is none", remedy });
  }
}
