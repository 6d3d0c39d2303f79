import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isClone } from "../../../../native/load.js";
import { bundledModel } from "../../../../models/resolve.js";
import { hashFile } from "../../../../util/hashFile.js";
import { messageOf } from "../../../../util/messageOf.js";
import { version } from "../../../../version.js";
import type { Finding, Section } from "../section.js";

interface Known {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface FileFacts extends Known {
  /** What there is, or why that cannot be said. */
  readonly found: { readonly bytes: number; readonly sha256: string } | { readonly error: string };
}

const MEND = isClone ? "git checkout -- models" : `npm install --force tonescore@${version}`;

async function look(folder: string, known: Known): Promise<FileFacts> {
  try {
    const path = join(folder, known.file);
    return { ...known, found: { bytes: (await stat(path)).size, sha256: await hashFile(path) } };
  } catch (error) {
    return { ...known, found: { error: messageOf(error) } };
  }
}

function findingOf({ file, bytes, sha256, found }: FileFacts): Finding | undefined {
  if ("error" in found) return { level: "fatal", text: `${file} cannot be read: ${found.error}`, mend: MEND };
  if (found.bytes !== bytes)
    return { level: "fatal", text: `${file} has ${found.bytes} bytes and not ${bytes}`, mend: MEND };
  if (found.sha256 === sha256) return undefined;
  return {
    level: "fatal",
    text: `${file} is not as it was published (another SHA-256): it would score wrongly`,
    mend: MEND,
  };
}

/** The bundled model, held against the catalogue. */
export async function model(folder = dirname(bundledModel.model)): Promise<Section> {
  const catalogue = await readFile(join(folder, "catalogue.json"), "utf8").catch((error: unknown) =>
    messageOf(error),
  );
  let known: { name: string; model: Known; mmproj: Known } | undefined;
  try {
    ({
      models: [known],
    } = JSON.parse(catalogue) as { models: readonly [typeof known] });
  } catch {
    const text = `${join(folder, "catalogue.json")} cannot be read: ${catalogue.slice(0, 200)}`;
    return { summary: ["no catalogue"], facts: { folder }, findings: [{ level: "fatal", text, mend: MEND }] };
  }
  const files = known ? await Promise.all([known.model, known.mmproj].map((file) => look(folder, file))) : [];
  const findings = files.flatMap((file) => findingOf(file) ?? []);
  const state = findings.length === 0 ? "both files as they were published" : "damaged";
  return {
    summary: [`${known?.name ?? "none"}, ${state}, in ${folder}`],
    facts: { folder, files },
    findings,
  };
}
