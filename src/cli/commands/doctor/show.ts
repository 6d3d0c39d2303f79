import { printable, type Style } from "../../terminal/style.js";
import type { Finding, Section } from "./section.js";

const WIDTH = 11;

function markOf({ findings, skipped }: Section, style: Style): string {
  if (skipped) return "–";
  if (findings.some(({ level }) => level === "fatal")) return style.failure("✗");
  if (findings.some(({ level }) => level === "problem")) return style.warning("!");
  return findings.length > 0 ? "·" : "✓";
}

const clean = (text: string): string => text.split("\n").map(printable).join("\n");

/** One section in one or more lines, as soon as it is known. */
export function showSection(name: string, section: Section, style: Style): string {
  const [first = "", ...others] = section.summary;
  const lines = [`${markOf(section, style)} ${style.bold(name.padEnd(WIDTH))}${clean(first)}`];
  return [...lines, ...others.map((line) => `${" ".repeat(WIDTH + 2)}${style.dim(clean(line))}`)].join("\n");
}

const indented = (text: string, by: number): string => clean(text).replaceAll("\n", `\n${" ".repeat(by)}`);

function showFinding(name: string, { level, text, mend }: Finding, style: Style): string {
  const dressed = level === "fatal" ? style.failure(name) : level === "problem" ? style.warning(name) : name;
  const what = `${dressed}: ${indented(text, 2)}`;
  return mend === undefined ? what : `${what}\n  ${style.bold("→")} ${indented(mend, 4)}`;
}

/** What is missing or wrong, the worst first, and the verdict. */
export function showFindings(sections: Readonly<Record<string, Section>>, style: Style): string {
  const all = Object.entries(sections).flatMap(([name, { findings }]) =>
    findings.map((finding) => ({ name, finding })),
  );
  const ranked = (["fatal", "problem", "note"] as const).flatMap((wanted) =>
    all.filter(({ finding }) => finding.level === wanted),
  );
  const fatal = all.some(({ finding }) => finding.level === "fatal");
  const verdict = fatal
    ? style.failure("Pictures cannot be scored rightly here; what mends it stands above.")
    : ranked.length === 0
      ? "Nothing is missing."
      : "Pictures can be scored.";
  return [...ranked.map(({ name, finding }) => showFinding(name, finding, style)), verdict].join("\n\n");
}
