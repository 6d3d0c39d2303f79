import { totalmem } from "node:os";
import { availableMemory } from "../../../../util/availableMemory.js";
import { byteText } from "../../../../util/byteText.js";
import { memoryLimit } from "../../../../util/memoryLimit.js";
import type { Finding, Section } from "../section.js";

/** In bytes. */
interface MemoryFacts {
  readonly total: number;
  readonly available: number;
  /** Of a container or control group. */
  readonly limit: number | undefined;
  /** Of the address space (`ulimit -v`). */
  readonly addressSpace: number | undefined;
}

/** Below this little is left for large pictures. */
const SHORT = 300e6;

function addressSpace(): number | undefined {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { virtual_memory_kbytes?: { soft?: number | string } };
  };
  const soft = userLimits?.virtual_memory_kbytes?.soft;
  return typeof soft === "number" ? 1024 * soft : undefined;
}

function facts(): MemoryFacts {
  const [available, limit] = [availableMemory(), memoryLimit()];
  return { total: totalmem(), available, limit, addressSpace: addressSpace() };
}

export function memory(found: MemoryFacts = facts()): Section {
  const { total, available, limit, addressSpace: space } = found;
  const limits = [
    ...(limit === undefined ? [] : [`a container's limit of ${byteText(limit)}`]),
    ...(space === undefined ? [] : [`an address space of ${byteText(space)} (ulimit -v)`]),
  ];
  const summary = [[`${byteText(available)} of ${byteText(total)} available`, ...limits].join(", ")];
  const findings: Finding[] = [];
  if (available < SHORT) {
    const text = `${byteText(available)} are little for large pictures and videos`;
    findings.push({ level: "note", text, mend: "tonescore --max-pixels 16000000 --threads 1 …" });
  }
  return { summary, facts: found, findings };
}
