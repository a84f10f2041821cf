// Move an appointment on the day's grid: with the mouse, by touch (hold, then drag), or with Alt and the arrow keys. It is
// on screen at once and goes back with a message when the server refuses; the server decides, nothing is overwritten.

import "./desk-clipboard.js";
import "./desk-resize.js";
import "./desk-select.js";
import { MINUTES, columnsOf, grid, rowHeight, rowOf, send, swallowClick } from "./desk-send.js";

const STEP = 3; // rows: a quarter of an hour; with Shift (mouse) or Control (keys) a single row
const FAR = 5; // pixels before a press becomes a drag
const HOLD = 400; // milliseconds before a touch becomes one

function place(entry, column, row) {
  if (entry.parentElement !== column) column.append(entry);
  entry.style.gridRowStart = row;
}

async function drop(entry, column, row) {
  const from = { column: entry.parentElement, row: rowOf(entry), style: entry.style.gridRowStart };
  if (from.column === column && from.row === row) return;
  place(entry, column, row);
  const start = new Date((Number(column.dataset.since) + (row - 1) * MINUTES * 60) * 1000).toISOString();
  if (await send(entry, entry.dataset.move, { start, bei: column.dataset.resource, version: entry.dataset.version })) return;
  place(entry, from.column, from.row);
  entry.style.gridRowStart = from.style;
  entry.focus();
}

let drag = null;

function begin(event, entry) {
  const column = entry.parentElement;
  drag = { entry, offset: event.clientY - entry.getBoundingClientRect().top, column, row: rowOf(entry), ghost: entry.cloneNode(true) };
  drag.ghost.removeAttribute("id");
  drag.ghost.classList.add("entry--ghost");
  column.append(drag.ghost);
  entry.classList.add("entry--dragged");
  document.documentElement.classList.add("is-dragging");
}

function follow(event) {
  const under = columnsOf(grid()).find((one) => { const box = one.getBoundingClientRect(); return event.clientX >= box.left && event.clientX < box.right; });
  if (under) drag.column = under;
  const fine = event.shiftKey ? 1 : STEP;
  const rows = (event.clientY - drag.offset - drag.column.getBoundingClientRect().top) / rowHeight(drag.column);
  drag.row = Math.max(1, Math.round(rows / fine) * fine + 1);
  place(drag.ghost, drag.column, drag.row);
}

function end(commit) {
  const { entry, column, row, ghost } = drag;
  drag = null;
  ghost.remove();
  entry.classList.remove("entry--dragged");
  document.documentElement.classList.remove("is-dragging");
  if (commit) drop(entry, column, row);
}

document.addEventListener("pointerdown", (event) => {
  const entry = event.target.closest?.(".entry[data-move]");
  if (!entry || event.button !== 0 || drag) return;
  const at = { x: event.clientX, y: event.clientY };
  let ready = event.pointerType === "mouse";
  const timer = ready ? 0 : setTimeout(() => { ready = true; begin(event, entry); }, HOLD);
  const move = (now) => {
    const far = Math.hypot(now.clientX - at.x, now.clientY - at.y) > FAR;
    if (!ready && far) { stop(); return; } // the finger scrolls
    if (!drag && ready && far) begin(event, entry);
    if (drag) { now.preventDefault(); follow(now); }
  };
  const up = () => { const dragged = Boolean(drag); stop(); if (dragged) { swallowClick(); end(true); } };
  const escape = (key) => { if (key.key === "Escape" && drag) { stop(); swallowClick(); end(false); } };
  const touch = (moving) => { if (drag) moving.preventDefault(); };
  function stop() {
    clearTimeout(timer);
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", up);
    document.removeEventListener("pointercancel", stop);
    document.removeEventListener("keydown", escape);
    document.removeEventListener("touchmove", touch);
  }
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", escape);
  document.addEventListener("touchmove", touch, { passive: false });
});

document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".entry")) event.preventDefault(); });

document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.(".entry[data-move]");
  const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  const fine = event.ctrlKey && !event.altKey && direction?.[1];
  if (!entry || !direction || event.shiftKey || !(event.altKey || fine)) return; // with Shift it is lengthened
  event.preventDefault();
  const columns = columnsOf(grid());
  const column = columns[columns.indexOf(entry.parentElement) + direction[0]];
  if (column) drop(entry, column, Math.max(1, rowOf(entry) + direction[1] * (fine ? 1 : STEP)));
});
