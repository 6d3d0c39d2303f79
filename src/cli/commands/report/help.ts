/** What `--help` says below the options. */
export const help = `
Examples:
  tonescore holiday/ -o holiday.ndjson
  tonescore report holiday.ndjson -o holiday.html
                                        pictures are read again from their
                                        paths, below the results' folder, this
                                        one, and what --pictures names
  tonescore holiday/ --report holiday.html
                                        both at once
  tonescore compare a/ b/ -o pairs.json
  tonescore report pairs.json -o pairs.html
  tonescore evaluate list.csv -o evaluation.json
  tonescore report evaluation.json -o evaluation.html`;
