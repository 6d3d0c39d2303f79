/** What `--help` says below the options. */
export const help = `
Examples:
  tonescore photo.jpg                   one picture
  tonescore holiday/ clip.mp4           a folder with all below it, and a video
  tonescore "shots/**/*.{jpg,png}" -o scores.csv
                                        a glob, into a spreadsheet
  tonescore clip.mp4 --frames 8         eight frames of a video
  tonescore - < feed.ts                 a video, or a picture, from stdin
  tonescore photo.jpg -p sharpness      something else than quality; see
                                        tonescore presets
  tonescore holiday/ -p sharpness -p noise
                                        several scores, one look at each picture
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
  Of several presets, NDJSON and JSON have a result each, which names its
  preset; the table and CSV a score column each, which its preset names.
  Of a stream on standard input, NDJSON has a line of type "frame" for each
  frame as it is scored, and with --running one of type "running" for each part;
  the table has a row a part. The stream's result follows when it ends.
  With -o, the ending chooses: .ndjson or .jsonl, .json, .csv, .txt (table).
  In NDJSON that was gone on with, the last line for a path counts.

Exit codes:
  0    all inputs were scored
  1    some inputs failed, a stream broke off, or results could not be written
  2    wrong usage: options, presets, or --resume with other settings
  3    no usable model
  4    an input scored below --fail-under, with any of several presets, or has
       no trusted score (wins over 1)
  130  stopped with Ctrl-C, 143 by kill (SIGTERM), 129 as the terminal closed
       (SIGHUP); what was scored by then is written, and of a stream the score
       of what was seen, marked as partial`;
