import { expect } from "chai";
import { json, markup } from "../../../src/report/page/html.js";

describe("report: markup", () => {
  it("escapes values in text and in attributes, and leaves markup as it is", () => {
    const name = `<b>&"'`;
    expect(markup`<i title="${name}">${name}${markup`<br>`}${[1, "<"]}${undefined}</i>`.text).to.equal(
      '<i title="&lt;b&gt;&amp;&quot;&#39;">&lt;b&gt;&amp;&quot;&#39;<br>1&lt;</i>',
    );
  });

  it("keeps data from ending its script", () => {
    const data = { name: "</script><script>alert(1)</script><!--" };
    const { text } = json(data);
    expect(text).not.to.include("<");
    expect(JSON.parse(text)).to.deep.equal(data);
  });
});
