import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ownFile } from "../../places.js";
import { Html, markup } from "./html.js";

const asset = (name: string): string => readFileSync(ownFile(`report/page/browser/${name}`), "utf8");

export interface Page {
  readonly title: string;
  /** What kind of report it is, such as `Scores`. */
  readonly kind: string;
  /** A line below the title. */
  readonly about: string;
  readonly sections: AsyncIterable<Html>;
}

/** Nothing is fetched, and no script runs but the page's own, whatever its content. */
function policy(script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
}

/** The document, piece by piece, so that its pictures are never held together in memory. */
export async function* renderPage({ title, kind, about, sections }: Page): AsyncGenerator<string> {
  const script = asset("report.js");
  yield markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="generator" content="tonescore">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · tonescore</title>
<style>${new Html(asset("report.css"))}</style>
<header>
<p class="kind">tonescore · ${kind}</p>
<h1>${title}</h1>
<p class="about">${about}</p>
</header>
<main>
`.text;
  for await (const section of sections) yield `${section.text}\n`;
  yield markup`</main>
<div id="tip" hidden></div>
<script>${new Html(script)}</script>
`.text;
}
