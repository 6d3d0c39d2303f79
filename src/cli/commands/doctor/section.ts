import { messageOf } from "../../../util/messageOf.js";

/** `note`: something that is not needed by all; `problem`: a part does not work; `fatal`: no right score. */
export type Level = "note" | "problem" | "fatal";

/** Something that is missing or wrong. */
export interface Finding {
  readonly level: Level;
  readonly text: string;
  /** What to type or do. */
  readonly mend?: string;
}

/** One part of what is told. */
export interface Section {
  /** In a few words for a person. */
  readonly summary: readonly string[];
  /** For programs. Names of fields are stable. */
  readonly facts: object;
  readonly findings: readonly Finding[];
  /** It was not looked at, for the reason in the summary. */
  readonly skipped?: true;
}

/** One part of what is looked at: a failure to look is a finding too. */
export interface Examination {
  readonly name: string;
  readonly examine: () => Promise<Section> | Section;
}

/** What one examination gives; it never fails. */
export async function examined({ name, examine }: Examination): Promise<Section> {
  try {
    return await examine();
  } catch (error) {
    const text = `${name} could not be looked at: ${messageOf(error)}`;
    return { summary: ["could not be looked at"], facts: {}, findings: [{ level: "problem", text }] };
  }
}
