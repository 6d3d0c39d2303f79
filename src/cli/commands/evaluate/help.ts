/** What `--help` says below the options. */
export const help = `
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
