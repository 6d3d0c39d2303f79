/** What the page and the main process tell each other; there are types here and nothing else. */

export interface Share {
  readonly name: string;
  /** 0 to 1. */
  readonly value: number;
}

interface Named {
  /** Rises from 0 within a run of the app. */
  readonly id: number;
  readonly name: string;
  readonly folder: string;
}

export interface ScoreRow extends Named {
  readonly type: "image" | "video";
  /** 0, the worst, to 1, the best. */
  readonly score: number;
  readonly trusted: boolean;
  /** How probable each tone is: good, average, poor. */
  readonly tones: readonly Share[];
  /** Scores of sharpness, noise and others. */
  readonly attributes: readonly Share[];
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
}

export interface ErrorRow extends Named {
  readonly type: "error";
  readonly code: string;
  readonly message: string;
}

export type Row = ScoreRow | ErrorRow;

export type Update =
  | { readonly type: "loading"; readonly fraction: number }
  | { readonly type: "found"; readonly total: number }
  | { readonly type: "row"; readonly row: Row; readonly done: number }
  | { readonly type: "ended"; readonly cancelled: boolean }
  | { readonly type: "failed"; readonly message: string };

/** All that the page can ask for. */
export interface Bridge {
  /** Only files and folders that the user dropped: the page cannot name any. */
  score(files: readonly File[]): Promise<void>;
  choose(what: "files" | "folder"): Promise<void>;
  cancel(): Promise<void>;
  onUpdate(listener: (update: Update) => void): void;
}
