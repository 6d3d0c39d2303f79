import { type Command, InvalidArgumentError, Option as CommandOption } from "commander";
import { TonescoreError } from "../../errors.js";
import type { Flag, Option, Options } from "../../options/option.js";
import { didYouMean } from "../../util/suggest.js";

/** A command's options, under the titles that its help gives them. */
export type Groups = Readonly<Record<string, Options>>;

/** Of commander's options one that knows its entry in the table. */
class TableOption extends CommandOption {
  readonly gathers: boolean;

  constructor(
    private readonly key: string,
    entry: Option & { readonly flag: Flag },
  ) {
    const { flag, required } = entry;
    const otherwise = flag.otherwise ?? (entry.default as string | number | false | undefined);
    const suffix = otherwise === undefined || otherwise === false ? "" : ` (default: ${otherwise})`;
    super(flag.spelling, flag.help + suffix);
    this.gathers = flag.gather !== undefined;
    if (takesValue(this)) this.argParser((text, earlier) => read(entry, text, earlier));
    if (flag.conflicts) this.conflicts([...flag.conflicts]);
    if (required) this.makeOptionMandatory();
  }

  override attributeName(): string {
    return this.key;
  }
}

const takesValue = ({ required, optional }: CommandOption): boolean => required || optional;

/** @throws {InvalidArgumentError} which says what was expected; commander names the option and what came. */
function read({ kind, flag }: Option, text: string, earlier: unknown): unknown {
  if (flag?.gather) return gather(flag.gather, text, earlier);
  const value = kind.read?.(text) ?? text;
  if (kind.fits(value)) return value;
  throw new InvalidArgumentError(`Expected ${kind.expected}${didYouMean(text, kind.names ?? [])}.`);
}

function gather(add: NonNullable<Flag["gather"]>, text: string, earlier: unknown): unknown {
  try {
    return add(text, earlier);
  } catch (error) {
    throw error instanceof TonescoreError ? new InvalidArgumentError(error.message) : error;
  }
}

/** Adds the options that a command line can give. */
export function addOptions(command: Command, groups: Groups): Command {
  for (const [title, options] of Object.entries(groups)) {
    for (const [key, { flag, ...entry }] of Object.entries(options)) {
      if (!flag) continue;
      command.addOption(new TableOption(key, { ...entry, flag }).helpGroup(title));
      const { spelling, opposite } = flag;
      if (opposite === undefined) continue;
      const not = { spelling: spelling.replace(/^--/, "--no-"), help: opposite };
      command.addOption(new TableOption(key, { ...entry, flag: not }).helpGroup(title));
    }
  }
  return command;
}

/** Makes it an error to give an option of one value twice, of which commander would silently take the last. */
export function refuseRepeated(program: Command): void {
  const given = new Map<string, Command>();
  const watch = (command: Command, option: CommandOption): void => {
    command.on(`option:${option.name()}`, () => {
      const earlier = given.get(option.name());
      given.set(option.name(), command);
      if (earlier === undefined) return;
      if (!(option instanceof TableOption && option.gathers)) {
        command.error(`error: option '${option.flags}' takes one value, but is given twice`);
      }
      // What stands before a command's name and what stands behind it are not gathered together.
      if (earlier !== command) {
        command.error(`error: give all '${option.flags}' before "${command.name()}" or all behind it`);
      }
    });
  };
  for (const command of withNested(program)) {
    for (const option of command.options) if (takesValue(option)) watch(command, option);
  }
}

const withNested = (command: Command): Command[] => [command, ...command.commands.flatMap(withNested)];
