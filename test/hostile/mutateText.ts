import { mutateBytes, type Mutation } from "./mutateBytes.js";
import type { Random } from "./random.js";

/** Values that programs tend to take for granted not to come. */
const VALUES = [
  "null", "true", "[]", "{}", '""', "0", "-1", "1e999", "-1e999", "1e-400", "9007199254740993", "NaN", "Infinity",
  '"__proto__"', '"constructor"', '"\\u0000"', '"\\u001b]0;owned\\u0007"', '"\\ud800"', '"\\r\\nSet-Cookie: a"',
  '{"__proto__":{"path":"x"}}', '{"constructor":{"prototype":{}}}', '{"toString":1}', '"../../../../etc/passwd"',
  '"file:///etc/passwd"', '"http://127.0.0.1:1/x"', '"concat:/etc/passwd"', '"<script>alert(1)</script>"', '"=1+1"',
  '"%s%n"', '"-o"', '"{picture}"', '"{{ 7 * 7 }}"', '"{% for i in range(999999999) %}{% endfor %}"',
]; // prettier-ignore
const CELLS = ["", ";", ",", '"', '""', "\t", "\r", "\n", "\0", "\x1b[2J", "NaN", "1,5", "1e999", "-0", "=1+1", "\u202e", "\ufeff", "__proto__", "sep=;\n"]; // prettier-ignore

type Change = (text: string, random: Random) => string;

const LITERAL = /"(?:[^"\\\n]|\\.){0,200}"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/g;

const replaced = (text: string, at: number, length: number, by: string): string =>
  text.slice(0, at) + by + text.slice(at + length);

function someLiteral(text: string, random: Random): RegExpExecArray | undefined {
  const found = [...text.matchAll(LITERAL)];
  return found.length === 0 ? undefined : random.pick(found);
}

function deep(random: Random): string {
  const depth = random.pick([100, 2000, 30_000]);
  const [open, close] = random.pick([["[", "]"], ['{"a":', "}"]] as const); // prettier-ignore
  return open.repeat(depth) + "1" + (random.chance(0.5) ? close.repeat(depth) : "");
}

const changes: Readonly<Record<string, Change>> = {
  value(text, random) {
    const literal = someLiteral(text, random);
    return literal ? replaced(text, literal.index, literal[0].length, random.pick(VALUES)) : text;
  },
  nesting(text, random) {
    const literal = someLiteral(text, random);
    return literal ? replaced(text, literal.index, literal[0].length, deep(random)) : text;
  },
  length(text, random) {
    const literal = someLiteral(text, random);
    const long = random.pick(["9", "a", "\\u00e9", "💥"]).repeat(random.pick([300, 70_000]));
    return literal ? replaced(text, literal.index + 1, literal[0].length - 2, long) : text + long;
  },
  key(text, random) {
    const keys = [...text.matchAll(/"[^"\\\n]{1,60}"(?=\s*:)/g)];
    const by = random.pick(['"__proto__"', '"constructor"', '"type"', '"input"', '"path"', '""', '"length"']);
    const key = keys.length === 0 ? undefined : random.pick(keys);
    return key ? replaced(text, key.index, key[0].length, by) : text;
  },
  cell: (text, random) => replaced(text, random.int(0, text.length), random.int(0, 3), random.pick(CELLS)),
  line(text, random) {
    const lines = text.split("\n");
    const [from, to] = [random.int(0, lines.length - 1), random.int(0, lines.length - 1)];
    const line = lines[from] ?? "";
    if (random.chance(0.5)) lines.splice(from, 1);
    for (let copies = random.pick([0, 1, 1, 2, 50]); copies > 0; copies--) lines.splice(to, 0, line);
    return lines.join("\n");
  },
};

/** Changes of text as text; a third of the time of its bytes instead. */
export function mutateText(bytes: Buffer, other: Buffer, random: Random): Mutation {
  if (random.chance(0.33)) return mutateBytes(bytes, other, random);
  const how: string[] = [];
  let text = bytes.toString("utf8");
  for (let left = random.pick([1, 1, 2, 4]); left > 0; left--) {
    const name = random.pick([...Object.keys(changes), "value", "value"]);
    text = changes[name]?.(text, random) ?? text;
    how.push(name);
  }
  return { bytes: Buffer.from(text), how: how.join(", ") };
}
