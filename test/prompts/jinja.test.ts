import { expect } from "chai";
import { JinjaTemplate } from "../../src/prompts/jinja.js";

const rendered = (source: string): string =>
  new JinjaTemplate(source).render([{ role: "user", content: "hello" }], {});

describe("chat templates made to do harm", () => {
  it("end by themselves", () => {
    const nested = "{% for i in range(9999) %}{% for j in range(9999) %}{% for k in range(9999) %}";
    const twice =
      "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = ns.a + ns.a %}{% endfor %}";
    const long =
      "{% set ns = namespace(s='a' ) %}{% for i in range(25) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}";
    expect(() => rendered("{% for i in range(1000000000) %}{% endfor %}")).to.throw("1000000000 steps");
    expect(() => rendered(nested + "{% endfor %}".repeat(3))).to.throw("timed out");
    expect(() => rendered(twice)).to.throw();
    expect(() => rendered(long)).to.throw("prints more than");
    expect(() => rendered(" ".repeat(1_000_001))).to.throw("characters");
  });

  it("do not change what others print", () => {
    expect(rendered("{% for m in messages %}{{ m.content }}{{ range(1, 6, 2) }}{% endfor %}")).to.equal(
      "hello[1, 3, 5]",
    );
    expect(rendered("{% for i in range(3, 0, -1) %}{{ i }}{% endfor %}")).to.equal("321");
  });
});
