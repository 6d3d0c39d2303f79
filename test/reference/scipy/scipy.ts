import { readFileSync } from "node:fs";

interface Ratings {
  readonly name: string;
  readonly scores: readonly number[];
  readonly mos: readonly number[];
  readonly srcc: number;
  readonly krcc: number;
  readonly plcc: number;
}

interface Fitted {
  readonly plcc: number;
  readonly rmse: number;
}

/** SciPy's numbers, written by record.py. */
export const scipy = JSON.parse(readFileSync(new URL("record.json", import.meta.url), "utf8")) as {
  readonly correlations: readonly Ratings[];
  readonly curves: readonly (Ratings & { readonly logistic4: Fitted; readonly logistic5: Fitted })[];
  readonly isotonic: { readonly values: readonly number[]; readonly fitted: readonly number[] };
};
