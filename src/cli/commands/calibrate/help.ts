/** What `--help` says below the options. */
export const help = `
Examples:
  tonescore calibrate train.csv -o mos.json          scores all files, then fits
  tonescore calibrate train.csv --from-logits train-results/a.ndjson \\
            --method isotonic -o mos.json            from kept logits
  tonescore evaluate test.csv --calibration mos.json
                                                     on files it has not seen

The numbers printed are cross-validated: each file is measured by a map that was
fitted without it. The file says what it was fitted to, and holds for that model
and preset only.`;
