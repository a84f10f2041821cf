// Move an appointment on the day's grid: with the mouse, by touch (hold, then drag), or with Alt and the arrow keys. It is
// on screen at once and goes back with a message when the server refuses; the server decides, nothing is overwritten.

const MINUTES = 5; // of a row
const STEP = 3; // rows: a quarter of an hour; with Shift a single row
const FAR = 5; // pixels before a press becomes a drag
const HOLD = 400; // milliseconds before a touch becomes one

const grid = () => document.querySelector(".day[data-rows]");
const columnsOf = (day) => [...day.querySelectorAll(".day__column")];
const rowOf = (entry) => Number(getComputedStyle(entry).gridRowStart);
const rowHeight = (column) => column.clientHeight / Number(grid().dataset.rows);

function place(entry, column, row) {
  if (entry.parentElement !== column) column.append(entry);
  entry.style.gridRowStart = row;
}

async function send(entry, column, row, back) {
  const start = new Date((Number(column.dataset.since) + (row - 1) * MINUTES * 60) * 1000).toISOString();
  entry.classList.add("entry--moving");
  try {
    await window.htmx.ajax("POST", entry.dataset.move, {
      source: entry,
      target: "#panel",
      values: { start, bei: column.dataset.resource, version: entry.dataset.version, key: crypto.randomUUID() },
    });
  } finally {
    entry.classList.remove("entry--moving");
    if (entry.dataset.refused) { delete entry.dataset.refused; back(); }
  }
}

function drop(entry, column, row) {
  const from = { column: entry.parentElement, row: rowOf(entry), style: entry.style.gridRowStart };
  if (from.column === column && from.row === row) return;
  place(entry, column, row);
  send(entry, column, row, () => { place(entry, from.column, from.row); entry.style.gridRowStart = from.style; entry.focus(); });
}

// A refusal comes with a page of alternatives for the panel.
document.addEventListener("htmx:beforeSwap", (event) => {
  const entry = event.detail.requestConfig?.elt;
  if (entry?.dataset?.move && event.detail.xhr.status >= 400) entry.dataset.refused = "1";
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt?.dataset?.move) event.detail.elt.dataset.refused = "1";
});

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

function swallowClick() {
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
}

document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.(".entry[data-move]");
  const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!entry || !direction || !event.altKey) return;
  event.preventDefault();
  const columns = columnsOf(grid());
  const column = columns[columns.indexOf(entry.parentElement) + direction[0]];
  if (column) drop(entry, column, Math.max(1, rowOf(entry) + direction[1] * (event.shiftKey ? 1 : STEP)));
});
