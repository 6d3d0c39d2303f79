import type { Colour } from "../../media/image/square.js";
import type { NativeModelInfo } from "../../native/addon.js";

/** How a family's processor shows a picture, where neither the model's files nor libmtmd say so. */
export interface Family {
  readonly name: string;
  /** Pictures are padded to squares of this colour before they are resized. */
  readonly squarePad?: Colour;
  /** Tokens a picture. */
  readonly tokens?: {
    readonly least: number;
    /** As the authors have it. */
    readonly most: number;
  };
}

type Facts = Pick<NativeModelInfo, "architecture" | "encoder">;

interface Known extends Family {
  /** Names of libmtmd's. */
  readonly projector: string;
  /** Names of llama.cpp's; absent where the encoder tells. */
  readonly architectures?: readonly string[];
  readonly has?: (encoder: Facts["encoder"]) => boolean;
}

/** The mean colour of CLIP's training pictures. */
const MEAN: Colour = [122, 116, 104];

/** min_pixels and max_pixels of the published preprocessor_config.json, by the pixels of a token. */
const QWEN2 = { least: 4, most: 16384 };
const QWEN3 = { least: 64, most: 16384 };

const families: readonly Known[] = [
  {
    name: "LLaVA-1.5",
    projector: "mlp",
    has: ({ classEmbedding, tiles }) => classEmbedding && !tiles,
    squarePad: MEAN,
  },
  { name: "mPLUG-Owl2", projector: "mplug_owl2", squarePad: MEAN },
  { name: "Qwen2-VL", projector: "qwen2vl_merger", tokens: QWEN2 },
  { name: "Qwen2.5-VL", projector: "qwen2.5vl_merger", tokens: QWEN2 },
  {
    name: "Qwen3-VL",
    projector: "qwen3vl_merger",
    architectures: ["qwen3vl", "qwen3vlmoe"],
    tokens: QWEN3,
  },
  { name: "Qwen3.5", projector: "qwen3vl_merger", architectures: ["qwen35", "qwen35moe"], tokens: QWEN3 },
  { name: "Gemma 3", projector: "gemma3", architectures: ["gemma3"] },
  { name: "SmolVLM", projector: "idefics3" },
  { name: "InternVL", projector: "internvl" },
  { name: "Pixtral", projector: "pixtral" },
];

/** Those whose pictures are padded to squares. */
export const squareProjectors: readonly string[] = families
  .filter(({ squarePad }) => squarePad)
  .map(({ projector }) => projector);

/** Larger than any encoder's. */
const MOST_SIDE = 4096;

/** The side in pixels of what the model is shown of any picture, where its family makes squares of them. */
export function sideOfSquares({ encoder, ...facts }: Facts): number | undefined {
  const { imageSize } = encoder;
  const isSide = Number.isInteger(imageSize) && imageSize > 0 && imageSize <= MOST_SIDE;
  return isSide && familyOf({ encoder, ...facts })?.squarePad ? imageSize : undefined;
}

/** The family that a model's files say it is of; undefined where it is none of those whose ways are known. */
export const familyOf = ({ architecture, encoder }: Facts): Family | undefined =>
  families.find(
    ({ projector, architectures, has }) =>
      projector === encoder.projector &&
      (architectures?.includes(architecture) ?? true) &&
      (has?.(encoder) ?? true),
  );
