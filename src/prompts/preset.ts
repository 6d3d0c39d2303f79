/** What may stand in JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Question {
  /** What the user's turn asks; with the "raw" template the whole prompt, with {@link PICTURE_MARK} in it. */
  question: string;
  /** The beginning of the answer, which the model goes on from. */
  prefill: string;
}

export interface Tone {
  name: string;
  /** 1 is the best, 0 the worst. */
  weight: number;
  words: string[];
}

/** A named recipe for one number, as data: what is asked, which words answer, how they become a score. */
export interface Preset {
  name: string;
  version?: string | undefined;
  description: string;
  /** Citation of where the recipe comes from. */
  source: string;
  /** Text of a system turn. */
  system?: string | undefined;
  questions: Question[];
  tones: Tone[];
  /** Where the words of a tone, and the questions, are averaged. */
  combine: "logits" | "probabilities";
  temperature: number;
  /** "chat": the model's own template; "raw": the questions are complete prompts, special tokens included. */
  template: "chat" | "raw";
  /** Variables for the chat template. A thinking block would stand between the prefill and its turn. */
  templateArguments: Record<string, Json>;
  /** What is read of an answer word: its only token, its first one, or its whole log-probability. */
  answer: "singleToken" | "firstToken" | "sequence";
  /** How the frames of a video are asked about: each by itself (where absent too), or all of them in one prompt. */
  frames?: "each" | "together" | undefined;
  /** Treatment of the picture before the model's own preprocessing, in place of that of the model's family. */
  picture: {
    /** Pad to a square with this colour; false: as it is, though the family's are padded. */
    squarePad?: [red: number, green: number, blue: number] | false | undefined;
    /** Cut to the square in its middle, as CLIP's own preprocessing does. */
    centreCut?: true | undefined;
  };
}

/** A {@link Preset} as a user writes it: fields with a default may be left out. */
export type PresetInput = Pick<Preset, "name" | "tones"> &
  Partial<Omit<Preset, "name" | "tones" | "questions">> & {
    questions: (Pick<Question, "question"> & Partial<Question>)[];
  };
