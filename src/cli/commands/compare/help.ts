/** What `--help` says below the options. */
export const help = `
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
