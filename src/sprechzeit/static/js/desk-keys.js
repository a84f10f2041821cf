// Every action has a key. The list of them is on the page (the dialog that "?" opens): this script reads it there and has
// none of its own. Keys of a single character can be switched off (WCAG 2.2, 2.1.4) and are silent where somebody types.

import { send } from "./desk-send.js";

const OFF = "sprechzeit-tasten-aus";
const dialog = document.querySelector("[data-keys]");
const known = new Map([...(dialog?.querySelectorAll("[data-key]") ?? [])].map((one) => [one.dataset.key, one.dataset]));
const panel = document.getElementById("panel");

const isTyping = (element) => Boolean(element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open]"));
const isOff = () => localStorage.getItem(OFF) === "1";
const seen = (selector) => [...document.querySelectorAll(selector)].find((one) => one.getClientRects().length);

function press(selector) {
  const found = seen(selector);
  if (!found) return false;
  if (found.matches("input, textarea, select")) { found.focus(); found.select?.(); } else found.click();
  return true;
}

/** Open a page of the calendar at the day that is shown; what has a query of its own stays as it is. */
function go(address) {
  if (!address) return false;
  const day = document.querySelector("[data-live]")?.dataset.from;
  location.assign(address.includes("?") || !day ? address : `${address}?tag=${day}`);
  return true;
}

/** The card of a focused entry, with a part of it opened and its first control focused. */
async function openCard(entry, part) {
  await window.htmx.ajax("GET", entry.href, { source: entry, target: "#panel" });
  const details = panel.querySelector(part)?.closest("details");
  if (!details) return;
  details.open = true;
  details.querySelector("form :is(textarea, button)").focus();
}

/** What a key does with the entry or the free cell that has the focus; false when it does nothing there. */
function atFocus(does) {
  const entry = document.activeElement?.closest?.(".entry[href]");
  const cell = document.activeElement?.closest?.(".day__cell");
  if (entry && does.post) send(entry, new URL(does.post, entry.href), { ...Object.fromEntries(new URLSearchParams(does.values)), version: entry.dataset.version ?? "" });
  else if (entry && does.part) openCard(entry, does.part);
  else if (entry && does.follow) location.assign(new URL(does.follow, entry.href));
  else if (cell && does.cell === "paste") import("./desk-clipboard.js").then((one) => one.pasteInto(cell));
  else if (cell && does.cell) location.assign(`${does.cell}${new URL(cell.href).search}`);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!dialog || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const does = known.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  if (!does || (event.key.length === 1 && isOff())) return;
  if (event.key.startsWith("Arrow") && document.activeElement !== document.body) return;
  if (does.key === "?") { openList(); event.preventDefault(); } else if (atFocus(does) || (does.press && press(does.press)) || go(does.go)) event.preventDefault();
});

function openList() {
  dialog.showModal();
  dialog.querySelector("[data-keys-close]").focus();
}

if (dialog) {
  const off = dialog.querySelector("[data-keys-off]");
  off.checked = isOff();
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
  dialog.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest("details")?.removeAttribute("open"); openList(); });
  }
}
