import { readFileSync } from "node:fs";
import { packageRoot } from "./places.js";

const file = new URL("package.json", packageRoot);

/** Of this package. */
export const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
