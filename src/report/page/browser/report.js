// The page is whole without this: it adds sorting, filtering and what is shown under the pointer.

/** @param {HTMLElement} sheet */
function controlSheet(sheet) {
  const controls = /** @type {HTMLFormElement} */ (sheet.querySelector("form"));
  const list = /** @type {HTMLElement} */ (sheet.querySelector("ol"));
  const tiles = /** @type {HTMLElement[]} */ ([...list.children]);
  const field = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement | null} */ (controls.elements.namedItem(name));
  const number = (/** @type {string} */ name, /** @type {number} */ otherwise) =>
    field(name)?.value ? Number(field(name)?.value) : otherwise;
  const collator = new Intl.Collator(undefined, { numeric: true });
  /** @type {Record<string, (a: DOMStringMap, b: DOMStringMap) => number>} */
  const orders = {
    worst: (a, b) => Number(a.score) - Number(b.score),
    best: (a, b) => Number(b.score) - Number(a.score),
    name: (a, b) => collator.compare(a.name ?? "", b.name ?? ""),
  };

  function filter() {
    const words = (field("words")?.value ?? "").toLowerCase();
    const from = number("from", -Infinity);
    const to = number("to", Infinity);
    for (const tile of tiles) {
      const { name = "", score, untrusted } = tile.dataset;
      const inRange = Number(score) >= from && Number(score) <= to;
      const wanted = !field("untrusted")?.checked || untrusted !== undefined;
      tile.hidden = !(inRange && wanted && name.toLowerCase().includes(words));
    }
    const shown = tiles.filter((tile) => !tile.hidden).length;
    const output = /** @type {HTMLElement} */ (controls.querySelector("output"));
    output.textContent = shown === tiles.length ? "" : `${shown} of ${tiles.length}`;
  }

  function sort() {
    const order = orders[field("order")?.value ?? ""];
    if (order) list.append(...tiles.sort((a, b) => order(a.dataset, b.dataset)));
  }

  controls.hidden = false;
  controls.addEventListener("input", filter);
  field("order")?.addEventListener("change", sort);
  controls.addEventListener("submit", (event) => {
    event.preventDefault();
  });
  // A browser may restore what was entered when the page is loaded again.
  sort();
  filter();
}

const tip = /** @type {HTMLElement} */ (document.getElementById("tip"));

/** @typedef {{ text: string, picture?: string }} Tip */

/** @param {Tip} content @param {DOMRect} mark */
function showTip({ text, picture }, mark) {
  const image = picture && document.getElementById(picture)?.querySelector("img");
  tip.replaceChildren(...(image ? [image.cloneNode()] : []), text);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const left = Math.min(Math.max(8, mark.left + mark.width / 2 - width / 2), room - width - 8);
  const above = mark.top - height - 10;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above > 0 ? above : mark.bottom + 10) + scrollY}px`;
}

/** @param {HTMLElement} plot */
function explainMarks(plot) {
  /** @type {unknown} */
  const data = JSON.parse(plot.querySelector("script")?.textContent ?? "[]");
  const tips = /** @type {(Tip[] | undefined)[]} */ (data);
  // In a plot over time every place belongs to a frame, however far above or below the line.
  const overTime = plot.dataset.over === "time";
  const reach = overTime ? Infinity : 24;
  /** @type {Element | undefined} */
  let marked;

  function tipOf(/** @type {Element} */ mark) {
    const index = (/** @type {string} */ name) => Number(mark.getAttribute(`ecmeta_${name}_index`));
    return tips[index("series")]?.[index("data")];
  }

  /** @param {Element} mark @param {PointerEvent} event */
  function distance(mark, { clientX, clientY }) {
    const { left, right, top, bottom } = mark.getBoundingClientRect();
    const across = Math.max(left - clientX, 0, clientX - right);
    return overTime ? across : Math.hypot(across, Math.max(top - clientY, 0, clientY - bottom));
  }

  /** @param {PointerEvent} event */
  function nearest(event) {
    const marks = [...plot.querySelectorAll("[ecmeta_data_index]")]
      .filter((mark) => tipOf(mark) && mark.checkVisibility())
      .map((mark) => ({ mark, far: distance(mark, event) }))
      .filter(({ far }) => far < reach);
    return marks.sort((a, b) => a.far - b.far)[0]?.mark;
  }

  function show(/** @type {Element | undefined} */ mark) {
    if (mark === marked) return;
    marked?.classList.remove("marked");
    for (const item of document.querySelectorAll(".now")) item.classList.remove("now");
    marked = mark;
    const content = mark && tipOf(mark);
    tip.hidden = !content;
    if (!content) return;
    mark.classList.add("marked");
    showTip(content, mark.getBoundingClientRect());
    const item = content.picture === undefined ? null : document.getElementById(content.picture);
    if (item) showInStrip(item);
  }

  for (const event of /** @type {const} */ (["pointermove", "pointerdown"])) {
    plot.addEventListener(event, (at) => {
      show(nearest(at));
    });
  }
  plot.addEventListener("pointerleave", () => {
    show(undefined);
  });
}

/** @param {HTMLElement} item */
function showInStrip(item) {
  item.classList.add("now");
  const strip = item.parentElement;
  strip?.scrollTo({ left: item.offsetLeft - strip.offsetLeft - (strip.clientWidth - item.clientWidth) / 2 });
}

for (const sheet of document.querySelectorAll("[data-sheet]")) {
  controlSheet(/** @type {HTMLElement} */ (sheet));
}
for (const plot of document.querySelectorAll(".plot")) explainMarks(/** @type {HTMLElement} */ (plot));
