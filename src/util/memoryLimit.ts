import { totalmem } from "node:os";

/** Node reports no limit as 0, as more than there is, or not at all. */
const limitOf = (stated: number | undefined): number | undefined =>
  stated !== undefined && stated > 0 && stated < totalmem() ? stated : undefined;

/** Bytes that a container or a control group leaves to this process and others in it; undefined where none limits it. */
export function memoryLimit(): number | undefined {
  const { constrainedMemory } = process as { constrainedMemory?: () => number };
  return limitOf(constrainedMemory?.());
}
