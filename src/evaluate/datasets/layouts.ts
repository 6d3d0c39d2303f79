/** How a published dataset stores its files' names and scores. */
export interface Layout {
  readonly name: string;
  /** The lists that it comes with, below the dataset's folder. */
  readonly lists: readonly string[];
  /** Lower-case names of columns that, together, no other layout has; with none the name of the list file decides. */
  readonly signature: readonly string[];
  /** The first of these that is there. */
  readonly fileColumns: readonly string[];
  readonly mosColumn: string;
  /** Where the files are, below the dataset's folder. */
  readonly folders: readonly string[];
  /** The file's name, where the column has less than that. */
  fileName?(cell: string): string;
  readonly groupColumn?: string;
  /** What the name of a file says of its group. */
  group?(fileName: string): string | undefined;
}

const part = (pattern: RegExp, prefix: string) => (fileName: string) => {
  const found = pattern.exec(fileName)?.[1];
  return found === undefined ? undefined : prefix + found;
};

/** I01_17_3.bmp: reference, kind of distortion, level. */
const distortion = part(/^i\d+_(\d+)_\d+\./i, "distortion ");

/** The values are MOS in all of them, KADID-10k's column `dmos` too: there 5 is imperceptible and 1 very annoying. */
export const layouts: readonly Layout[] = [
  {
    name: "KonIQ-10k",
    lists: ["koniq10k_scores_and_distributions.csv", "koniq10k_distributions_sets.csv"],
    signature: ["image_name", "c_total", "mos"],
    fileColumns: ["image_name"],
    mosColumn: "mos",
    folders: ["1024x768", "512x384", "koniq10k_1024x768", "koniq10k_512x384"],
    groupColumn: "set",
  },
  {
    name: "SPAQ",
    lists: ["Annotations/MOS and Image attribute scores.xlsx"],
    signature: ["image name", "mos", "brightness"],
    fileColumns: ["image name"],
    mosColumn: "mos",
    folders: ["TestImage"],
  },
  {
    name: "KADID-10k",
    lists: ["dmos.csv"],
    signature: ["dist_img", "ref_img", "dmos"],
    fileColumns: ["dist_img"],
    mosColumn: "dmos",
    folders: ["images"],
    group: distortion,
  },
  {
    name: "AGIQA-3K",
    lists: ["data.csv"],
    signature: ["name", "mos_quality"],
    fileColumns: ["name"],
    mosColumn: "mos_quality",
    folders: ["images", "AGIQA-3K"],
    group: part(/^([^_]+)_/, ""),
  },
  {
    name: "TID2013",
    lists: ["mos_with_names.txt"],
    signature: [],
    fileColumns: ["name"],
    mosColumn: "mos",
    folders: ["distorted_images"],
    group: distortion,
  },
  {
    name: "BIQ2021",
    lists: ["Train (Images and MOS).csv", "Test (Images and MOS).csv"],
    signature: [],
    fileColumns: ["image name"],
    mosColumn: "mos",
    folders: ["Images"],
    group: part(/^(ss\d+)/i, ""),
  },
  {
    name: "KoNViD-1k",
    lists: [
      "KoNViD_1k_attributes.csv",
      "KoNViD_1k_mos.csv",
      "KoNViD_1k_metadata/KoNViD_1k_attributes.csv",
      "KoNViD_1k_metadata/KoNViD_1k_mos.csv",
    ],
    signature: [],
    fileColumns: ["flickr_id", "file_name"],
    mosColumn: "mos",
    folders: ["KoNViD_1k_videos"],
    fileName: (cell) => (cell.endsWith(".mp4") ? cell : `${cell}.mp4`),
  },
  {
    name: "LIVE-VQC",
    lists: ["data.mat"],
    signature: ["video_list", "mos"],
    fileColumns: ["video_list"],
    mosColumn: "mos",
    folders: ["Video"],
  },
  {
    name: "LIVE In the Wild",
    lists: ["Data/AllMOS_release.mat"],
    signature: ["allimages_release", "allmos_release"],
    fileColumns: ["allimages_release"],
    mosColumn: "allmos_release",
    folders: ["Images", "Images/trainingImages"],
  },
  {
    name: "Q-Bench",
    lists: [],
    signature: ["img_path", "gt_score"],
    fileColumns: ["img_path"],
    mosColumn: "gt_score",
    folders: [],
  },
];
