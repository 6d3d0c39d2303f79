import { option } from "../../../options/option.js";
import { flag } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { quiet } from "../../options/shared.js";

const json = option(flag, { flag: { spelling: "--json", help: "print JSON, for programs" } });

export const listOptions = { "Options:": { json } };
export const pullOptions = { "Options:": { json, quiet: quiet("no progress") } };
export const verifyOptions = { "Options:": { json, quiet: quiet("no progress") } };
export const removeOptions = {
  "Options:": { yes: option(flag, { flag: { spelling: "-y, --yes", help: "do not ask" } }) },
};
export const pathOptions = { "Options:": { json } };

export type ListFlags = Flags<typeof listOptions>;
export type PullFlags = Flags<typeof pullOptions>;
export type VerifyFlags = Flags<typeof verifyOptions>;
export type RemoveFlags = Flags<typeof removeOptions>;
export type PathFlags = Flags<typeof pathOptions>;
