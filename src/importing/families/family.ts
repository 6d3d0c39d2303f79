import type { CheckpointFolder } from "../checkpoint/folder.js";
import type { Settings } from "../checkpoint/settings.js";
import type { StoredTensor, WeightType } from "../checkpoint/storedTensor.js";
import type { GgufPlan } from "../gguf/layout.js";
import type { Card } from "../card.js";

/** What a family is asked to turn into two files. */
export interface Checkpoint {
  readonly folder: CheckpointFolder;
  /** config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly card: Card;
  /** What the model is called. */
  readonly name: string;
}

export interface PlanOptions {
  /** Of the language model's weights; absent: as the checkpoint has them. The picture encoder's are f16. */
  readonly weights?: Exclude<WeightType, "F32">;
  /**
   * Gives the folder of the checkpoint's picture encoder, where that is one of its own and can be had.
   * @param repository where it is published; undefined where what the checkpoint names is none that is known.
   */
  readonly companion?: (repository: string | undefined) => Promise<string | undefined>;
}

/** The two files of a model, before they are written. */
export interface ModelPlan {
  readonly text: GgufPlan;
  readonly mmproj: GgufPlan;
  /**
   * The beginning of the names of tensors of the mmproj that take the places of the language model's, whose types they
   * are to have; absent where there are none.
   */
  readonly standIns?: string;
}

/** A kind of model: how it is known, and how its checkpoint becomes what llama.cpp reads. */
export interface Family {
  readonly name: string;
  /** As config.json has them. */
  readonly architectures: readonly string[];
  /** The chat template by name, where checkpoints of the family bring none. */
  readonly template?: string;
  /** @throws {TonescoreError} `ERR_MODEL_INVALID` where the checkpoint is not what its config.json says. */
  plan(checkpoint: Checkpoint, options: PlanOptions): Promise<ModelPlan>;
}
