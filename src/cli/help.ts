/** What `--help` says besides the options: how it is used, and what its numbers mean. */
export const scoreHelp = `
Examples:
  tonescore photo.jpg                   one picture
  tonescore holiday/ clip.mp4           a folder with all below it, and a video
  tonescore "shots/**/*.{jpg,png}" -o scores.csv
                                        a glob, into a spreadsheet
  tonescore clip.mp4 --frames 8         eight frames of a video
  tonescore - < feed.ts                 a video from standard input
  tonescore photo.jpg -p sharpness      something else than quality; see
                                        tonescore presets
  tonescore photo.jpg -m Qwen2.5-VL-3B-Instruct-Q4_K_M.gguf -p qalign
                                        ask another model
  tonescore photo.jpg -m SmolVLM2-2.2B-Instruct-Q4_K_M.gguf \\
            --question "Is the light pleasant?" --tones "yes=1; no=0"
                                        ask it in your own words
  tonescore archive/ -o scores.ndjson --resume
                                        go on where an earlier run was stopped
  tonescore holiday/ --report holiday.html
                                        a page with all pictures to look at
  tonescore export/ --scale percent --fail-under 60 -q > scores.ndjson
                                        a gate for scripts: see exit code 4

Formats:
  table    for reading; the default on a terminal
  ndjson   a JSON document a line, a header first; the default elsewhere
  json     one document: {"header": …, "results": […]}
  csv      a row an input, a column a tone
  With -o, the ending chooses: .ndjson or .jsonl, .json, .csv, .txt (table).
  In NDJSON that was gone on with, the last line for a path counts.

Exit codes:
  0    all inputs were scored
  1    some inputs failed, or the results could not be written
  2    wrong usage: options, presets, or --resume with other settings
  3    no usable model
  4    an input scored below --fail-under (wins over 1)
  130  stopped with Ctrl-C; what was scored by then is written`;

export const reportHelp = `
Examples:
  tonescore holiday/ -o holiday.ndjson
  tonescore report holiday.ndjson -o holiday.html
                                        pictures are read again from their
                                        paths; absent ones are shown as such
  tonescore holiday/ --report holiday.html
                                        both at once`;

export const presetsHelp = `
Examples:
  tonescore presets                     what each asks, and where it comes from
  tonescore presets qboost > mine.json  a start for one of your own, to be used
                                        with --preset mine.json`;
