/** Markup that is safe to write as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Content = Html | string | number | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function render(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(render).join("");
  return escape(String(content));
}

/** A template whose values are escaped, between tags and within quoted attributes, unless they are {@link Html}. */
export function markup(strings: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(""));
}

/** Data for the page's script; no text in it can end the element that holds it. */
export function json(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
