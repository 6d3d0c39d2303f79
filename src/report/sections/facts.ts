import { type Html, markup } from "../page/html.js";

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Shown as something to look after. */
  readonly bad?: boolean;
}

/** Figures at a glance. */
export function facts(list: readonly Fact[]): Html {
  const items = list.map(
    ({ name, value, bad = false }) =>
      markup`<div class="${bad ? "bad" : ""}">
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return markup`<dl class="facts">${items}</dl>`;
}
