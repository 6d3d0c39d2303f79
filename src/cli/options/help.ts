/** What `--help` says besides the options: how it is used, and what its numbers mean. */
export const scoreHelp = `
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

export const compareHelp = `
Examples:
  tonescore compare originals/ q80/ q60/ q40/
                                        an encode ladder; photo.png, photo.avif
                                        and photo.jpg are one picture
  tonescore compare originals/ q80/ q60/ --report ladder.html
                                        score against bits per pixel, and the
                                        largest differences pixel for pixel
  tonescore compare old.mp4 new.mp4     two files are a pair whatever their names
  tonescore compare jpeg-q75.ndjson avif-q50.ndjson
                                        results that were scored before, with
                                        tonescore q75/ -o jpeg-q75.ndjson; of
                                        several presets, say which with -p
  tonescore compare a/ b/ -o pairs.csv  a row for every version of every picture

What it prints:
  difference    mean over the pictures of: this version's score minus the
                baseline's, the first version's
  95% interval  of that mean, from 1000 bootstrap resamples of the pictures;
                one that holds 0 says that nothing was shown
  better        on how many pictures this version scores higher
  bits/pixel    mean of 8 × file size / pixels; size: all files together
  A picture that some version lacks, or that failed in one, counts nowhere.

Exit codes:
  4    a version's mean difference is lower than --max-drop allows, or with it
       something was lacking, failed or not trusted; else as of tonescore`;

export const reportHelp = `
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

export const presetsHelp = `
Examples:
  tonescore presets                     what each asks, and where it comes from
  tonescore presets qboost > mine.json  a start for one of your own, to be used
                                        with --preset mine.json`;

export const evaluateHelp = `
Examples:
  tonescore evaluate koniq10k/            a published dataset, as it was unpacked
  tonescore evaluate ratings.csv          your own: columns path and mos
  tonescore evaluate ratings.csv --file-column picture --mos-column rating \\
            --group-column camera
  tonescore evaluate koniq10k/ -p qboost -p qbench -p qalign
                                          presets side by side; each picture is
                                          encoded once
  tonescore evaluate koniq10k/ -m SmolVLM2-2.2B-Instruct-Q4_K_M.gguf \\
            -m Qwen2.5-VL-3B-Instruct-Q4_K_M.gguf --results koniq-results
                                          models side by side, all logits kept
  tonescore evaluate koniq10k/ --results koniq-results --resume
                                          go on where that was stopped
  tonescore evaluate koniq10k/ --from-logits koniq-results/a.ndjson \\
            -p qbench --temperature 1     from kept logits, without a model
  tonescore evaluate koniq10k/ --from-logits scores.ndjson
                                          each preset that tonescore -p … -p …
                                          was given
  tonescore evaluate --from-logits llava_v1.5/koniq.json
                                          Q-Bench's raw logits, MOS included
  tonescore evaluate --from-logits IQA_outputs/
                                          all of them: Q-Bench's table

Datasets:
  KonIQ-10k, SPAQ, KADID-10k, AGIQA-3K, TID2013, BIQ2021, KoNViD-1k, Q-Bench's
  and Q-Instruct's JSON; LIVE In the Wild and LIVE-VQC after an export from
  MATLAB that is told. Else CSV, TSV, JSON, NDJSON or XLSX with named columns.

Output:
  SRCC and KRCC (tau-b) compare ranks, PLCC values, as they are and after a
  logistic curve with 4 (VQEG) or 5 parameters was fitted to all files, which
  the intervals take as given; a curve that turns within the scores counts not.
  Differences are on the same files, resampled
  together. json has every file's score; csv a row a preset and group.

Exit codes:
  0 all files scored, 1 some failed, 2 wrong usage or dataset, 3 no usable
  model, 130 stopped with Ctrl-C`;

export const calibrateHelp = `
Examples:
  tonescore calibrate train.csv -o mos.json          scores all files, then fits
  tonescore calibrate train.csv --from-logits train-results/a.ndjson \\
            --method isotonic -o mos.json            from kept logits
  tonescore evaluate test.csv --calibration mos.json
                                                     on files it has not seen

The numbers printed are cross-validated: each file is measured by a map that was
fitted without it. The file says what it was fitted to, and holds for that model
and preset only.`;
