import { basename } from "node:path";
import { addonRemedy } from "../../../../native/load.js";
import type { Outcome } from "../probe.js";
import type { AddonFacts } from "../probeProgram.js";
import type { Section } from "../section.js";

const CPU_MODULE = /^(?:lib)?ggml-cpu-?([^.]*)\./;

/** Which of ggml's CPU modules was loaded: `haswell`, `sapphirerapids`. */
const cpuModule = (libraries: readonly string[]): string | undefined =>
  libraries.map((file) => CPU_MODULE.exec(basename(file))?.[1]).find((name) => name !== undefined);

export function addon(outcome: Outcome<AddonFacts>): Section {
  if ("error" in outcome) {
    const [what = "", ...advice] = outcome.error.split("\n");
    const from = advice.indexOf("What to do:");
    const text = [what, ...advice.slice(0, Math.max(0, from))].join(" ");
    const mend = advice
      .slice(from + 1)
      .map((line) => line.replace(/^ {2}- /, ""))
      .join("\n");
    return {
      summary: ["it does not load"],
      facts: { error: outcome.error },
      findings: [{ level: "fatal", text, mend }],
    };
  }
  if ("crash" in outcome) {
    const text = `the addon ends the process that loads it: ${outcome.crash}`;
    return {
      summary: ["it crashes"],
      facts: { crash: outcome.crash },
      findings: [{ level: "fatal", text, mend: addonRemedy() }],
    };
  }
  const { llamaCpp, libraries, devices } = outcome.facts;
  const module = cpuModule(libraries);
  const file = libraries.find((library) => library.endsWith("tonescore.node"));
  const summary = [
    `llama.cpp ${llamaCpp}${module === undefined ? "" : `, its module for ${module}`}`,
    ...(file === undefined ? [] : [file]),
  ];
  const facts = { llamaCpp, cpuModule: module, file, libraries, devices };
  return { summary, facts, findings: [] };
}
