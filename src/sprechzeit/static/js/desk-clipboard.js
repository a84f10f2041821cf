// The clipboard: choose what lies in it, then a free time. Names stay on the page; a browser keeps the item's number only.

import { send } from "./desk-send.js";

const KEY = "sprechzeit-ablage";
let takeNewest = false;

const items = () => [...document.querySelectorAll("[data-clipboard] [data-item]")];
export const chosen = () => items().find((one) => one.dataset.item === sessionStorage.getItem(KEY));

function choose(item) {
  if (item) sessionStorage.setItem(KEY, item.dataset.item);
  else sessionStorage.removeItem(KEY);
  show();
}

function show() {
  const current = chosen();
  for (const one of items()) {
    one.classList.toggle("is-chosen", one === current);
    one.querySelector("[data-choose]").setAttribute("aria-current", String(one === current));
  }
  for (const hint of document.querySelectorAll("[data-clipboard-hint]")) hint.hidden = !current;
  document.documentElement.classList.toggle("is-pasting", Boolean(current));
  const cut = new Set(items().map((one) => one.dataset.cut && `t-${one.dataset.cut}`));
  for (const entry of document.querySelectorAll(".entry[id]")) entry.classList.toggle("entry--cut", cut.has(entry.id));
}

/** Put the chosen item, or the only one, at a free cell. */
export async function pasteInto(cell) {
  const item = chosen() ?? (items().length === 1 ? items()[0] : null);
  if (!item) return;
  const asked = new URL(cell.href).searchParams;
  const done = await send(cell, item.dataset.paste, { start: asked.get("start"), bei: asked.get("bei") ?? "", version: item.dataset.version });
  if (done && item.dataset.cut) choose(null);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-choose]");
  const cell = event.target.closest?.(".day__cell");
  if (event.ctrlKey || event.metaKey) return;
  if (link) {
    event.preventDefault();
    const item = link.closest("[data-item]");
    choose(item === chosen() ? null : item);
  } else if (cell && chosen()) {
    event.preventDefault();
    pasteInto(cell);
  }
});

document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen()) choose(null); });

// What has just been cut or copied is meant to be put somewhere: it is chosen.
document.addEventListener("htmx:afterRequest", (event) => {
  const path = event.detail.pathInfo?.requestPath ?? "";
  if (event.detail.successful && /\/termin\/[^/]+\/ablage\/$/.test(path)) takeNewest = true;
});

document.addEventListener("desk:refreshed", () => {
  window.htmx?.process(document.querySelector("[data-clipboard]") ?? document.body);
  if (takeNewest && items().length) { takeNewest = false; choose(items()[0]); } else show();
});
show();
