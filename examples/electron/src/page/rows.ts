import type { Row, ScoreRow, Share } from "../shared/bridge.cjs";

export const orders = ["given", "worst", "best", "name"] as const;
export type Order = (typeof orders)[number];

const scoreOf = (row: Row, missing: number): number => (row.type === "error" ? missing : row.score);

/** What could not be scored stands last where scores decide. */
export function compare(order: Order): (a: Row, b: Row) => number {
  const bySequence = (a: Row, b: Row): number => a.id - b.id;
  if (order === "name") return (a, b) => a.name.localeCompare(b.name) || bySequence(a, b);
  if (order === "worst") return (a, b) => scoreOf(a, 2) - scoreOf(b, 2) || bySequence(a, b);
  if (order === "best") return (a, b) => scoreOf(b, -1) - scoreOf(a, -1) || bySequence(a, b);
  return bySequence;
}

const percent = (value: number): string => String(Math.round(100 * value));

/** Text is only ever set as text, whatever a file is called. */
function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

function part({ name, value }: Share): HTMLElement {
  const made = make("span", `tone ${name}`);
  made.style.flexGrow = String(value);
  return made;
}

function toneBar(tones: readonly Share[]): HTMLElement {
  const bar = make("div", "tones", ...tones.map(part));
  bar.role = "img";
  bar.ariaLabel = `Tones: ${tones.map(({ name, value }) => `${name} ${percent(value)} %`).join(", ")}`;
  bar.title = bar.ariaLabel;
  return bar;
}

function attribute({ name, value }: Share): HTMLElement {
  const meter = make("meter", "");
  Object.assign(meter, { min: 0, max: 1, low: 0.35, high: 0.65, optimum: 1, value, ariaLabel: name });
  return make("li", "attribute", make("span", "", name), meter, make("span", "number", percent(value)));
}

/** Of what the page can show; it has none of a video. */
function thumbnail({ id, type }: ScoreRow): HTMLElement {
  const frame = make("div", "thumbnail");
  if (type === "video") frame.append(make("span", "", "video"));
  else {
    const image = make("img", "");
    Object.assign(image, { loading: "lazy", decoding: "async", alt: "", src: `thumbnail/${id}` });
    image.addEventListener("error", () => {
      image.remove();
    });
    frame.append(image);
  }
  return frame;
}

function title(row: Row): HTMLElement {
  const name = make("p", "name", row.name);
  name.title = `${row.folder}\n${row.name}`;
  return name;
}

function scoreContent(row: ScoreRow): readonly HTMLElement[] {
  const score = make("p", "score", percent(row.score));
  score.ariaLabel = `Score ${percent(row.score)} of 100${row.trusted ? "" : ", not to be relied on"}`;
  const reasons = row.reasons.map((reason) => make("li", "", reason));
  const details = make(
    "details",
    "",
    make("summary", "", row.reasons[0] ?? "Nothing stands out"),
    make("ul", "reasons", ...reasons.slice(1)),
    make("ul", "attributes", ...row.attributes.map(attribute)),
  );
  return [thumbnail(row), make("div", "what", title(row), toneBar(row.tones), details), score];
}

export function rowElement(row: Row): HTMLLIElement {
  if (row.type !== "error") return make("li", row.trusted ? "row" : "row untrusted", ...scoreContent(row));
  const what = make(
    "div",
    "what",
    title(row),
    make("p", "message", row.message),
    make("p", "code", row.code),
  );
  return make("li", "row error", make("div", "thumbnail", make("span", "", "error")), what);
}
