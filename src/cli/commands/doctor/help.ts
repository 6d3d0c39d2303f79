/** What `--help` says below the options. */
export const help = `
Examples:
  tonescore doctor                      what there is, and what mends the rest
  tonescore doctor --json > doctor.json to go with a bug report; your home
                                        folder is written as ~

Exit codes:
  0  pictures can be scored (something else may be missing)
  1  they cannot, or the score would be wrong`;
