import { createHash } from "node:crypto";
import type { Preset } from "./preset.js";

/** Identifies a recipe across runs: the SHA-256 of its canonical JSON. */
export function presetHash(preset: Preset): string {
  return createHash("sha256").update(canonicalJson(preset)).digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
