import { type PickledTensor, PickleProblem, Tensor } from "./pickledValues.js";
import { operations } from "./pickleOperations.js";
import { Unpickler } from "./unpickler.js";

/**
 * The tensors by name of a pickled dictionary of weights. A few operations are known and a closed list of names; all
 * else is refused, so that nothing that a pickle may say can run.
 * @throws {PickleProblem}
 */
export function unpickleTensors(bytes: Buffer): Map<string, PickledTensor> {
  const root = new Unpickler(bytes).run(operations);
  if (!(root instanceof Map)) throw new PickleProblem("it holds no dictionary of weights");
  const tensors = new Map<string, PickledTensor>();
  for (const [name, value] of root as Map<unknown, unknown>) {
    if (typeof name !== "string" || !(value instanceof Tensor)) {
      throw new PickleProblem("its dictionary holds something other than weights");
    }
    tensors.set(name, value);
  }
  return tensors;
}
