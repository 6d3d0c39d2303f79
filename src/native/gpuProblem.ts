/** Why a GPU cannot be used, and what to do. */
export interface Problem {
  readonly but: string;
  readonly remedy?: string;
  /** As the user has it, with no package or all GPUs hidden: only who asks for the GPU is told. */
  readonly meant?: true;
}

/** What came of loading a module: what stands in its way, or what there is to know of its first start. */
export type Loading = { readonly problem: Problem } | { readonly slowStart: string | undefined };
