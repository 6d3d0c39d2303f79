/** A model of a published one's shapes, of which an import is measured. */
export interface BenchModel {
  readonly layers: number;
  readonly shapes: (layers: number) => ReadonlyMap<string, readonly number[]>;
  /** Writes all of its checkpoint but the weights. */
  readonly writeRest: (folder: string, layers: number) => Promise<void>;
}
