import { version } from "../../../version.js";
import { exitCodes } from "../../exit.js";
import { streamOutput } from "../../output/output.js";
import type { Io } from "../../terminal/io.js";
import { styleFor } from "../../terminal/style.js";
import { examinations } from "./examinations.js";
import type { DoctorFlags } from "./options.js";
import { type Examination, examined, type Section } from "./section.js";
import { showFindings, showSection } from "./show.js";
import { withoutHome } from "./withoutHome.js";

type Sections = Readonly<Record<string, Section>>;

const canScore = (sections: Sections): boolean =>
  !Object.values(sections).some(({ findings }) => findings.some(({ level }) => level === "fatal"));

/** For programs: one object, whose fields are stable within a version. */
function asJson(sections: Sections): string {
  const parts = Object.entries(sections).map(([name, { facts, findings }]) => [name, { ...facts, findings }]);
  const document = {
    type: "doctor",
    version: 1,
    tonescore: version,
    canScore: canScore(sections),
    sections: Object.fromEntries(parts) as object,
  };
  return JSON.stringify(withoutHome(document), null, 2);
}

/** Looks at one part after another and tells each as soon as it is known; gives the exit code. */
export async function examineAll(
  parts: readonly Examination[],
  { json = false }: DoctorFlags,
  { stdout }: Pick<Io, "stdout">,
): Promise<number> {
  const style = styleFor(stdout);
  const output = streamOutput(stdout);
  const sections: Record<string, Section> = {};
  for (const part of parts) {
    const section = await examined(part);
    sections[part.name] = section;
    if (!json) await output.write(`${showSection(part.name, withoutHome(section), style)}\n`);
  }
  const text = json ? asJson(sections) : `\n${showFindings(withoutHome(sections), style)}`;
  await output.write(`${text}\n`);
  return canScore(sections) ? exitCodes.ok : exitCodes.someFailed;
}

export const run = (_: readonly string[], flags: DoctorFlags, io: Io): Promise<number> =>
  examineAll(examinations(flags), flags, io);
