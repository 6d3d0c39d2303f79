import { basename, dirname } from "node:path";
import { expected } from "../../util/expected.js";
import type { TonescoreError } from "../../errors.js";

/** No library that reads MATLAB's files is both kept and free to use here, so these are exported once. */
export function matlabError(path: string): TonescoreError {
  const program = basename(path) === "data.mat" ? videoProgram : pictureProgram;
  const folder = dirname(path).replaceAll("'", `'\\''`);
  return expected("a list as a table", {
    code: "ERR_DATASET",
    but: `"${path}" is a MATLAB file`,
    remedy:
      "Write it as CSV once, with Python and scipy, then evaluate the mos.csv that this leaves in the dataset's folder:\n" +
      `  cd '${folder}' && python3 -c '${program}'\n`,
  });
}

const exporter = (load: string, names: string, mos: string, output: string): string =>
  `import csv; from scipy.io import loadmat; m = ${load}; ` +
  `rows = zip((n.item() for n in m["${names}"].ravel()), m["${mos}"].ravel().tolist()); ` +
  `w = csv.writer(open("${output}", "w", newline="")); w.writerow(["${names}", "${mos}"]); w.writerows(rows)`;

/** LIVE-VQC. */
const videoProgram = exporter('loadmat("data.mat")', "video_list", "mos", "mos.csv");

/** LIVE In the Wild, whose names and values stand in two files in the folder Data. */
const pictureProgram = exporter(
  '{**loadmat("AllImages_release.mat"), **loadmat("AllMOS_release.mat")}',
  "AllImages_release",
  "AllMOS_release",
  "../mos.csv",
);
