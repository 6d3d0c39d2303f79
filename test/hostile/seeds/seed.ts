/** A healthy file to make hostile ones of. */
export interface Seed {
  /** What it is, such as `PNG, 16 bit`. */
  readonly name: string;
  readonly extension: string;
  readonly bytes: Buffer;
}
