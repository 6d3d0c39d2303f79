import { messageOf } from "../../util/messageOf.js";

/** A JSON value of a file that may hold several. */
export interface JsonValue {
  readonly value: unknown;
  /** Of its beginning, from 1. */
  readonly line: number;
}

/**
 * The JSON values of a text: one, such as an array; or several, a line each (NDJSON), or with no separator at all, as
 * Q-Bench publishes them.
 * @throws {SyntaxError} which names the line
 */
export function* jsonValues(text: string): Generator<JsonValue> {
  let line = 1;
  let from = 0;
  for (const end of endsOfObjects(text)) {
    const piece = text.slice(from, end);
    line += lineFeeds(/^\s*/.exec(piece)?.[0] ?? "");
    yield { value: parse(piece, line), line };
    line += lineFeeds(piece.trimStart());
    from = end;
  }
  if (text.slice(from).trim() !== "") yield { value: parse(text.slice(from), line), line };
}

const lineFeeds = (text: string): number => text.split("\n").length - 1;

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`line ${line}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Where the outermost objects and arrays end. Brackets in strings do not count. */
function* endsOfObjects(text: string): Generator<number> {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "{" || token === "[") depth++;
    else if ((token === "}" || token === "]") && --depth === 0) yield index + 1;
  }
}
