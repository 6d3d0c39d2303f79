import { TonescoreError } from "../errors.js";
import { expected } from "../util/expected.js";
import { shown } from "../util/shown.js";
import type { RepositoryFileName } from "./catalogue.js";
import { isMmproj, likeness } from "./likeness.js";

/** Which files of a repository are meant. */
export interface Wanted {
  readonly repository: string;
  readonly model?: RepositoryFileName | undefined;
  readonly mmproj?: RepositoryFileName | undefined;
  /** Such as `Q8_0`, where no file is named. */
  readonly quantisation?: string | undefined;
}

interface Named {
  readonly name: string;
}

/** Both files of a model. */
export interface Pair<F> {
  readonly model: F;
  readonly mmproj: F;
}

const code = "ERR_MODEL_NOT_FOUND";
const quantisationPattern = /(?:^|[-_.])((?:UD-)?(?:I?Q\d\w*|MXFP4\w*|BF16|F16|F32))(?=\.gguf$|[-_.])/i;
/** What comes in several files is not loaded. */
const isPart = ({ name }: Named): boolean => /-\d{5}-of-\d{5}\.gguf$/i.test(name);

/** What a file's name says of the types of its weights; empty where it says nothing. */
export const quantisationIn = (name: string): string => quantisationPattern.exec(name)?.[1] ?? "";

/** @throws {TonescoreError} `ERR_MODEL_NOT_FOUND` where none fits, or more than one */
export function chooseFiles<F extends Named>(files: readonly F[], wanted: Wanted): Pair<F> {
  const all = files.filter(({ name }) => /\.gguf$/i.test(name));
  const whole = all.filter((file) => !isPart(file));
  const model = wanted.model
    ? named(whole, wanted.model.file, wanted)
    : modelAmong(
        whole.filter(({ name }) => !isMmproj(name)),
        all.some(isPart),
        wanted,
      );
  const mmproj = wanted.mmproj ? named(whole, wanted.mmproj.file, wanted) : mmprojAmong(whole, model, wanted);
  return { model, mmproj };
}

/** A stranger's repository may have any number. */
const MOST_NAMES = 20;

function some(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

const list = (files: readonly Named[]): string => some(files.map(({ name }) => name));

function named<F extends Named>(files: readonly F[], name: string, { repository }: Wanted): F {
  const found = files.find((file) => file.name === name);
  if (found) return found;
  const but = files.length === 0 ? "it has no GGUF file" : `it is not there: ${list(files)}`;
  throw expected(`the file ${shown(name)} in the repository ${repository}`, { code, but });
}

function modelAmong<F extends Named>(
  models: readonly F[],
  parts: boolean,
  { repository, quantisation }: Wanted,
): F {
  const wish = quantisation?.toLowerCase();
  const fit =
    wish === undefined ? models : models.filter(({ name }) => quantisationIn(name).toLowerCase() === wish);
  const [first, ...others] = fit;
  if (first !== undefined && others.length === 0) return first;
  const place = `in the repository ${repository}`;
  if (models.length === 0) {
    const but = parts ? "each comes in several files, which cannot be loaded" : "there is none";
    throw expected(`a .gguf model ${place}`, { code, but });
  }
  if (first === undefined) {
    const there = some([...new Set(models.map(({ name }) => quantisationIn(name) || name))]);
    throw expected(`a model of quantisation ${shown(quantisation)} ${place}`, {
      code,
      but: "there is none",
      remedy: `There are: ${there}.`,
    });
  }
  const what =
    quantisation === undefined ? "one .gguf model" : `one model of quantisation ${shown(quantisation)}`;
  const remedy = `Name one, such as hf:${repository}/${first.name}.`;
  throw expected(`${what} ${place}`, { code, but: `there are ${fit.length}: ${list(fit)}`, remedy });
}

/** Of the same encoder in several types one that loses nothing, and is not larger than that takes. */
const types = ["F16", "BF16", "Q8_0", "F32"];
const rank = ({ name }: Named): number => types.indexOf(quantisationIn(name).toUpperCase()) >>> 0;

function mmprojAmong<F extends Named>(files: readonly F[], model: Named, { repository }: Wanted): F {
  const found = files.filter(({ name }) => isMmproj(name));
  const most = Math.max(...found.map(({ name }) => likenessApart(name, model.name)));
  const alike = found.filter(({ name }) => likenessApart(name, model.name) === most);
  const [first, second] = alike.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined) {
    throw expected(`an mmproj (picture encoder) in the repository ${repository}`, {
      code,
      but: "there is none, so that the model cannot see",
      remedy: "Look for a repository that has one: a vision model comes as two GGUF files.",
    });
  }
  if (second !== undefined && bare(first.name) !== bare(second.name)) {
    const remedy = "Download both files yourself, and name them with --model and --mmproj.";
    const what = `one mmproj that fits ${model.name} in the repository ${repository}`;
    throw expected(what, { code, but: `there are several: ${list(alike)}`, remedy });
  }
  return first;
}

const bare = (name: string): string => name.replace(quantisationPattern, "");
const likenessApart = (mmproj: string, model: string): number => likeness(bare(mmproj), bare(model));

/** Whether something was to be chosen and none fitted. */
export const isNoChoice = (error: unknown): boolean => error instanceof TonescoreError && error.code === code;
