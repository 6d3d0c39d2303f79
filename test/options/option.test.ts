import { expect } from "chai";
import { checkTyped, option, resolve, several, typedOf } from "../../src/options/option.js";
import { keyAndJson } from "../../src/options/keyAndJson.js";
import { samplingText } from "../../src/options/videoOptions.js";
import { oneOf, whole } from "../../src/util/arguments.js";

const table = {
  threads: option(whole(1, 8), { flag: { spelling: "-t, --threads <count>", help: "threads" } }),
  scale: option(oneOf(["unit", "percent"]), { default: "unit", recorded: true }),
};

describe("a table of options", () => {
  it("holds what a program gave against it, and lets out what is undefined", () => {
    expect(() => {
      checkTyped(table, { threads: undefined, scale: "percent" });
    }).not.to.throw();
    for (const [typed, message] of [
      [{ threads: 9 }, "Expected a whole number from 1 to 8 for threads but received 9."],
      [{ scale: "mos" }, 'Expected one of unit, percent for scale but received "mos".'],
      [{ thread: 1 }, 'There is no option "thread" (did you mean "threads"?).'],
      [7, "Expected an object for the options but received 7."],
    ] as const) {
      expect(() => {
        checkTyped(table, typed);
      })
        .to.throw(message)
        .with.property("code", "ERR_INVALID_ARGUMENT");
    }
  });

  it("fills in defaults, and says what has none", () => {
    expect(resolve(table, {})).to.deep.equal({ threads: undefined, scale: "unit" });
    expect(resolve(table, { threads: 2, scale: "percent" })).to.deep.equal({ threads: 2, scale: "percent" });
  });

  it("takes from what was typed what it knows, a method of every object not among it", () => {
    const typed = { scale: "percent", threads: undefined, output: "x.csv", constructor: 1 };
    expect(typedOf(table, typed)).to.deep.equal({ scale: "percent" });
  });

  it("gathers what may be repeated, each held against the kind", () => {
    const { kind, flag } = several(table.threads, "threads; repeat it");
    expect(flag.gather?.("3", flag.gather("2", undefined))).to.deep.equal([2, 3]);
    expect(() => flag.gather?.("9", [2])).to.throw("Expected a whole number from 1 to 8 but received");
    expect(kind.fits([2, 3])).to.equal(true);
    expect(kind.fits([2, 9])).to.equal(false);
  });
});

describe("keyAndJson", () => {
  it("gathers one record, and lets no name reach a prototype", () => {
    expect(keyAndJson("b=[1]", keyAndJson('a="x=y"'))).to.deep.equal({ a: "x=y", b: [1] });
    const record = keyAndJson('__proto__={"polluted":true}');
    expect(Object.hasOwn(record, "__proto__")).to.equal(true);
    expect(record).not.to.have.property("polluted");
  });

  for (const text of ["thinking", "=1", "name=text", ""]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => keyAndJson(text))
        .to.throw("Expected")
        .with.property("code", "ERR_INVALID_ARGUMENT");
    });
  }
});

describe("samplingText", () => {
  it("says which frames in one way", () => {
    expect([{}, { fps: 0.5 }, { frames: 8 }, { every: 25 }].map(samplingText)).to.deep.equal([
      ...["fps 1", "fps 0.5", "frames 8", "every 25"],
    ]);
  });
});
