import type { FormatName } from "../format.js";
import type { ResultFormat } from "../../../results/write.js";
import type { FormatContext } from "./format.js";

/** Each format is loaded only when it is used. */
export async function createFormat(name: FormatName, context: FormatContext): Promise<ResultFormat> {
  switch (name) {
    case "table":
      return (await import("./table.js")).tableFormat(context);
    case "csv":
      return (await import("./csv.js")).csvFormat(context.presets);
    case "json":
      return (await import("../../../results/write.js")).jsonFormat(context.header);
    case "ndjson":
      return (await import("../../../results/write.js")).ndjsonFormat(context.header);
  }
}
