import { createScorer, findInputs, type Input, type Scorer } from "tonescore";
import type { Row, Update } from "../shared/bridge.cjs";
import { toRow } from "./rows.js";

const attributes = ["sharpness", "noise", "exposure", "contrast", "colour", "compression"] as const;

/** Scores what it is given, one run at a time, with a model that is loaded once. */
export class Scoring {
  /** What was scored and can be shown, by the number of its row. */
  readonly pictures = new Map<number, string>();
  #scorer: Promise<Scorer> | undefined;
  #run: AbortController | undefined;
  #rows = 0;

  constructor(private readonly tell: (update: Update) => void) {}

  /** Ends when all is scored, cancelled or failed, which is told as any other update is. */
  async run(paths: readonly string[]): Promise<void> {
    if (this.#run || paths.length === 0) return;
    const { signal } = (this.#run = new AbortController());
    try {
      await this.#score(paths, signal);
      this.tell({ type: "ended", cancelled: false });
    } catch (error) {
      if (signal.aborted) this.tell({ type: "ended", cancelled: true });
      else {
        this.#forget();
        this.tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
      }
    } finally {
      this.#run = undefined;
    }
  }

  cancel(): void {
    this.#run?.abort();
  }

  async #score(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const scorer = await this.#open();
    const inputs: Input[] = [];
    for await (const input of findInputs(paths, { signal })) inputs.push(input);
    this.tell({ type: "found", total: inputs.length });
    let done = 0;
    for await (const results of scorer.scoreAllByPreset(inputs, { signal })) {
      const row = toRow(this.#rows++, results);
      this.#remember(row, results[0]?.input.path);
      this.tell({ type: "row", row, done: ++done });
    }
  }

  #remember({ id, type }: Row, path: string | undefined): void {
    if (type === "image" && path !== undefined) this.pictures.set(id, path);
  }

  /** What ends a run is wrong with the model or its process: the next run starts them anew. */
  #forget(): void {
    void this.#scorer?.then((scorer) => scorer.close()).catch(() => undefined);
    this.#scorer = undefined;
  }

  /** The engine runs in a utility process: what crashes it is that picture's error. */
  #open(): Promise<Scorer> {
    return (this.#scorer ??= createScorer({
      isolate: true,
      alsoPresets: attributes,
      onLoad: (fraction) => {
        this.tell({ type: "loading", fraction });
      },
    }));
  }
}
