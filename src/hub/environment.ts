import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expected } from "../util/expected.js";

/** Where repositories are fetched from and kept, by the variables that the Python tools heed. */
export interface Hub {
  /** The server; its path ends in a slash. */
  readonly endpoint: URL;
  /** The folder of repositories that all such tools share. */
  readonly cache: string;
  /** Where such tools keep what is theirs alone. */
  readonly assets: string;
  readonly tokenFile: string;
  readonly token: string | undefined;
  /** Nothing is asked of any server. */
  readonly offline: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const isTrue = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? "");

function userHome(): string {
  try {
    return homedir();
  } catch (cause) {
    throw expected("a home folder for what is downloaded", {
      but: "you have none",
      remedy: "Set HF_HOME.",
      cause,
    });
  }
}

/** `~` and `$NAME`, which no shell has looked at where the variable comes from a service's settings. */
const expand = (path: string, env: Environment): string =>
  path
    .replace(/^~(?=$|[/\\])/, userHome)
    .replace(
      /\$(?:(\w+)|\{(\w+)\})/g,
      (all, name?: string, braced?: string) => env[name ?? braced ?? ""] ?? all,
    );

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where `HF_ENDPOINT` is no address */
export function hubOf(env: Environment = process.env): Hub {
  const folder = (otherwise: () => string, ...names: readonly string[]): string => {
    const named = names.map((name) => env[name]).find((value) => value !== undefined && value !== "");
    return named === undefined ? otherwise() : expand(named, env);
  };
  const caches = (): string => folder(() => join(userHome(), ".cache"), "XDG_CACHE_HOME");
  const home = folder(() => join(caches(), "huggingface"), "HF_HOME");
  return {
    endpoint: endpointOf(env.HF_ENDPOINT),
    cache: folder(() => join(home, "hub"), "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"),
    assets: join(
      folder(() => join(home, "assets"), "HF_ASSETS_CACHE", "HUGGINGFACE_ASSETS_CACHE"),
      "tonescore",
    ),
    tokenFile: folder(() => join(home, "token"), "HF_TOKEN_PATH"),
    token: env.HF_TOKEN ?? env.HUGGING_FACE_HUB_TOKEN,
    offline: isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE),
  };
}

function endpointOf(typed = ""): URL {
  if (typed === "") return new URL("https://huggingface.co/");
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw expected("an address that begins with https://", { for: "HF_ENDPOINT", received: typed });
  }
  return new URL(`${url.origin}${url.pathname.replace(/\/*$/, "/")}`);
}

/**
 * Who the user is to the server, where that is known.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`; the token itself is in no message
 */
export async function tokenOf({ token, tokenFile }: Hub): Promise<string | undefined> {
  const text = token ?? (await readFile(tokenFile, "utf8").catch(() => ""));
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  const place = token === undefined ? tokenFile : "HF_TOKEN";
  throw expected("a token of visible characters", { for: place, but: "it has others" });
}
