/** A row of whatever kind of table: cells by the name of their column. */
export interface TableRow {
  readonly cells: Readonly<Record<string, unknown>>;
  /** For messages, such as `line 12`. */
  readonly place: string;
}

export interface Table {
  /** In their order; a name may stand there twice. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}
