// Lengthen or shorten an appointment: drag its lower edge with the mouse or a finger, or Alt, Shift and the arrow keys.

import { MINUTES, rowHeight, rowOf, rowsOf, send, swallowClick } from "./desk-send.js";

const TOGETHER = 450; // milliseconds in which several presses of a key are one change
const waiting = new Map(); // entry: what it was, and the timer

function show(entry, rows) {
  entry.style.gridRowEnd = `span ${rows}`;
  const end = new Date((Number(entry.parentElement.dataset.since) + (rowOf(entry) - 1 + rows) * MINUTES * 60) * 1000);
  entry.dataset.until = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: zone() }).format(end);
}

const zone = () => document.querySelector(".day[data-zone]")?.dataset.zone || undefined;

async function commit(entry, before, rows) {
  delete entry.dataset.until;
  if (before.rows === rows) { entry.style.gridRowEnd = before.style; return; }
  if (await send(entry, entry.dataset.resize, { minutes: rows * MINUTES, version: entry.dataset.version })) return;
  entry.style.gridRowEnd = before.style;
  entry.focus();
}

const before = (entry) => ({ rows: rowsOf(entry), style: entry.style.gridRowEnd });

// In the capturing phase: the handle is part of an entry that can be dragged too.
document.addEventListener("pointerdown", (event) => {
  const entry = event.target.closest?.(".entry__handle")?.closest(".entry[data-resize]");
  if (!entry || event.button !== 0) return;
  event.stopPropagation();
  event.preventDefault();
  const was = before(entry);
  const step = rowHeight(entry.parentElement);
  let rows = was.rows;
  document.documentElement.classList.add("is-resizing");
  const move = (now) => {
    now.preventDefault();
    rows = Math.max(1, was.rows + Math.round((now.clientY - event.clientY) / step));
    show(entry, rows);
  };
  const stop = (result) => {
    document.documentElement.classList.remove("is-resizing");
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", up);
    document.removeEventListener("pointercancel", cancel);
    document.removeEventListener("keydown", escape, { capture: true });
    swallowClick();
    commit(entry, was, result);
  };
  const up = () => stop(rows);
  const cancel = () => stop(was.rows);
  const escape = (key) => { if (key.key === "Escape") { key.stopPropagation(); cancel(); } };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", escape, { capture: true });
}, { capture: true });

document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.(".entry[data-resize]");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!entry || !by || !event.altKey || !event.shiftKey) return;
  event.preventDefault();
  const one = waiting.get(entry) ?? { was: before(entry), timer: 0 };
  clearTimeout(one.timer);
  const rows = Math.max(1, rowsOf(entry) + by);
  show(entry, rows);
  one.timer = setTimeout(() => { waiting.delete(entry); commit(entry, one.was, rows); }, TOGETHER);
  waiting.set(entry, one);
});
