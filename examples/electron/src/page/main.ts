import type { Bridge, Row, Update } from "../shared/bridge.cjs";
import { compare, type Order, orders, rowElement } from "./rows.js";

declare global {
  interface Window {
    readonly tonescore: Bridge;
  }
}

function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`There is no ${id}`);
  return found;
}

const bridge = window.tonescore;
const list = element("rows", HTMLOListElement);
const status = element("status", HTMLParagraphElement);
const progress = element("progress", HTMLProgressElement);
const order = element("order", HTMLSelectElement);
const cancel = element("cancel", HTMLButtonElement);
const choosers = [element("files", HTMLButtonElement), element("folder", HTMLButtonElement)];

const rows: Row[] = [];
const elements = new Map<number, HTMLLIElement>();
let running = false;
let total = 0;
let done = 0;
let failed = 0;

function setRunning(now: boolean): void {
  running = now;
  cancel.disabled = !now;
  progress.hidden = !now;
  for (const chooser of choosers) chooser.disabled = now;
}

async function start(ask: () => Promise<void>): Promise<void> {
  if (running) return;
  setRunning(true);
  progress.removeAttribute("value");
  total = done = failed = 0;
  try {
    await ask();
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  } finally {
    setRunning(false);
  }
}

const chosenOrder = (): Order => orders.find((each) => each === order.value) ?? "given";

function reorder(): void {
  rows.sort(compare(chosenOrder()));
  list.append(...rows.flatMap(({ id }) => elements.get(id) ?? []));
}

function add(row: Row): void {
  const made = rowElement(row);
  elements.set(row.id, made);
  const before = rows.findIndex((other) => compare(chosenOrder())(row, other) < 0);
  rows.splice(before < 0 ? rows.length : before, 0, row);
  list.insertBefore(made, list.children.item(before < 0 ? rows.length - 1 : before));
  if (row.type === "error") failed++;
}

const failures = (): string => (failed === 0 ? "" : `, ${failed} of them could not be scored`);

function hear(update: Update): void {
  if (update.type === "loading")
    status.textContent = `Loading the model: ${Math.round(100 * update.fraction)} %`;
  else if (update.type === "found") {
    total = update.total;
    status.textContent = `${total} found`;
  } else if (update.type === "row") {
    add(update.row);
    done = update.done;
    progress.value = done / total;
    status.textContent = `${done} of ${total}${failures()}`;
  } else if (update.type === "ended") {
    status.textContent = `${update.cancelled ? "Cancelled" : "Done"}: ${done} of ${total}${failures()}.`;
  } else status.textContent = update.message;
}

bridge.onUpdate(hear);
choosers[0]?.addEventListener("click", () => void start(() => bridge.choose("files")));
choosers[1]?.addEventListener("click", () => void start(() => bridge.choose("folder")));
cancel.addEventListener("click", () => void bridge.cancel());
order.addEventListener("change", reorder);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && running) void bridge.cancel();
});

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
document.addEventListener("dragleave", () => {
  document.body.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length > 0) void start(() => bridge.score(files));
});
