import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundledModel, bundledRemedy, publishedFiles } from "../../../../models/bundled.js";
import type { PublishedFile } from "../../../../models/catalogue.js";
import { hashFile } from "../../../../util/hashFile.js";
import { messageOf } from "../../../../util/messageOf.js";
import type { Finding, Section } from "../section.js";

interface FileFacts extends PublishedFile {
  /** What there is, or why that cannot be said. */
  readonly found: { readonly bytes: number; readonly sha256: string } | { readonly error: string };
}

async function look(folder: string, published: PublishedFile): Promise<FileFacts> {
  try {
    const path = join(folder, published.file);
    return { ...published, found: { bytes: (await stat(path)).size, sha256: await hashFile(path) } };
  } catch (error) {
    return { ...published, found: { error: messageOf(error) } };
  }
}

function wrongWith({ file, bytes, sha256, found }: FileFacts): string | undefined {
  if ("error" in found) return `${file} cannot be read: ${found.error}`;
  if (found.bytes !== bytes) return `${file} has ${found.bytes} bytes and not ${bytes}`;
  if (found.sha256 === sha256) return undefined;
  return `${file} is not as it was published (another SHA-256): it would score wrongly`;
}

const fatal = (text: string): Finding => ({ level: "fatal", text, mend: bundledRemedy });

/** The bundled model, held against the catalogue. */
export async function model(folder = dirname(bundledModel.model)): Promise<Section> {
  try {
    const files = await Promise.all((await publishedFiles(folder)).map((file) => look(folder, file)));
    const findings = files.flatMap((file) => wrongWith(file) ?? []).map(fatal);
    const state = findings.length === 0 ? "as it was published" : "damaged";
    return {
      summary: [`${files[0]?.file ?? "none"}, ${state}, in ${folder}`],
      facts: { folder, files },
      findings,
    };
  } catch (error) {
    const text = `the bundled model's catalogue cannot be read: ${messageOf(error)}`;
    return { summary: ["no catalogue"], facts: { folder }, findings: [fatal(text)] };
  }
}
