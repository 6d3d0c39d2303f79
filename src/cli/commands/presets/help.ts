/** What `--help` says below the options. */
export const help = `
Examples:
  tonescore presets                     what each asks, and where it comes from
  tonescore presets qboost > mine.json  a start for one of your own, to be used
                                        with --preset mine.json`;
