import { expect } from "chai";
import { expected } from "../../src/util/expected.js";

describe("expected", () => {
  it("says what was received, where and what to do, and keeps the cause", () => {
    const cause = new Error("why");
    const error = expected("a text", { for: "name", received: 3, remedy: "Put it in quotes.", cause });
    expect(error.message).to.equal("Expected a text for name but received 3. Put it in quotes.");
    expect(error).to.include({ name: "TonescoreError", code: "ERR_INVALID_ARGUMENT", cause });
  });

  it("says what there is instead of a value", () => {
    const error = expected('a video at "a.mp4"', { code: "ERR_VIDEO_DECODE", but: "it is empty" });
    expect(error.message).to.equal('Expected a video at "a.mp4", but it is empty.');
    expect(error).to.include({ code: "ERR_VIDEO_DECODE" }).and.not.have.property("cause");
  });

  it("shows any value in a few printable characters, and runs nothing of it", () => {
    const hostile = { toString: () => expect.fail("called"), toJSON: () => expect.fail("called") };
    for (const [received, shown] of [
      ["a\u001b[2J", '"a\\u001b[2J"'],
      ["x".repeat(100), `"${"x".repeat(60)}…"`],
      [hostile, "an object of another kind"],
      [[1, 2], "a list of 2"],
      [undefined, "undefined"],
      [Symbol("s"), "Symbol(s)"],
    ] as const) {
      expect(expected("a text", { received }).message).to.equal(`Expected a text but received ${shown}.`);
    }
  });
});
