import type { TonescoreError } from "../errors.js";
import type { HubClient } from "./client.js";
import { downloadError, Transient } from "./failure.js";

interface Refused {
  readonly status: number;
  readonly retryAfter: string | string[] | undefined;
}

/** What a status other than 2xx means to the user. */
export function refusal(
  about: string,
  { status, retryAfter }: Refused,
  { host, hasToken, hub }: Pick<HubClient, "host" | "hasToken" | "hub">,
): Transient | TonescoreError {
  const wait = waitOf([retryAfter].flat()[0]);
  if (status === 429) return new Transient("it has been asked too often (429)", wait);
  if (status >= 500 || status === 408) return new Transient(`it is in trouble (${status})`, wait);
  const settings = new URL("settings/tokens", hub.endpoint).href;
  const token = hasToken
    ? `The token that is set may not read it: see ${settings}.`
    : `Where it is private, or its authors ask for consent first, agree on its page and set HF_TOKEN (${settings}).`;
  const said = `${host} answers ${status}`;
  if (status === 401) {
    return downloadError(
      `Cannot download ${about}: there is none of that name, or not for everybody (${said}). Check the name. ${token}`,
    );
  }
  if (status === 403) {
    return downloadError(`Cannot download ${about}: not everybody may read it (${said}). ${token}`);
  }
  if (status === 404)
    return downloadError(`Cannot download ${about}: there is none of that name (${said}). Check the name.`);
  return downloadError(`Cannot download ${about}: ${said}.`);
}

/** Milliseconds, of a header that holds seconds or a date. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
