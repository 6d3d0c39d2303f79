import { protocol } from "electron";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import type { Scoring } from "./scoring.js";

const ORIGIN = "tonescore://app";
export const PAGE = `${ORIGIN}/index.html`;

/** The whole of what the page can load, but for thumbnails. */
const files: Readonly<Record<string, string>> = {
  "/index.html": "text/html; charset=utf-8",
  "/style.css": "text/css; charset=utf-8",
  "/main.js": "text/javascript; charset=utf-8",
  "/rows.js": "text/javascript; charset=utf-8",
};

const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
].join("; ");

const THUMBNAIL = /^\/thumbnail\/(\d{1,9})$/;
const THUMBNAIL_SIDE = 128;
const MAX_PIXELS = 2 ** 27;

/** Before the app is ready: a scheme of the app's own, so that nothing is read from `file:`. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true };
  protocol.registerSchemesAsPrivileged([{ scheme: "tonescore", privileges }]);
}

const answer = (body: string | Uint8Array<ArrayBuffer> | null, type: string, status = 200): Response =>
  new Response(body, {
    status,
    headers: {
      "Content-Type": type,
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
    },
  });

const nothing = (): Response => answer(null, "text/plain", 404);

/** Only of what was scored, by its number: the page can name no file. */
async function thumbnail(path: string | undefined): Promise<Response> {
  if (path === undefined) return nothing();
  const picture = await sharp(path, { limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: "inside", withoutEnlargement: true })
    .webp()
    .toBuffer();
  return answer(new Uint8Array(picture), "image/webp");
}

export function servePage(scoring: Scoring): void {
  protocol.handle("tonescore", async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (host !== "app" || method !== "GET") return nothing();
    const [, id] = THUMBNAIL.exec(pathname) ?? [];
    if (id !== undefined) return thumbnail(scoring.pictures.get(Number(id))).catch(nothing);
    const type = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
    if (type === undefined) return nothing();
    return answer(await readFile(new URL(`../page${pathname}`, import.meta.url), "utf8"), type);
  });
}
