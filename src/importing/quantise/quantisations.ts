import { oneOf } from "../../util/arguments.js";

/** llama.cpp's numbers of what a file's weights mostly are, for those that need nothing besides the weights. */
const quantised = {
  Q8_0: 7,
  Q6_K: 18,
  Q5_K_M: 17,
  Q5_K_S: 16,
  Q5_1: 9,
  Q5_0: 8,
  Q4_K_M: 15,
  Q4_K_S: 14,
  Q4_1: 3,
  Q4_0: 2,
  IQ4_NL: 25,
  IQ4_XS: 30,
  Q3_K_L: 13,
  Q3_K_M: 12,
  Q3_K_S: 11,
  Q2_K: 10,
} as const;

/** 16 bits, which the weights are written in anyway. */
const short = ["BF16", "F16"] as const;

export type Quantised = keyof typeof quantised;
/** In what a language model's weights are kept, from the largest to the smallest. */
export type Quantisation = (typeof short)[number] | Quantised;

export const isQuantised = (name: Quantisation): name is Quantised => Object.hasOwn(quantised, name);
export const fileTypeOf = (name: Quantised): number => quantised[name];
export const quantisation = oneOf<Quantisation>([...short, ...(Object.keys(quantised) as Quantised[])]);
