// Draw over free cells of a column to block this time: the form opens beside the grid, filled in.

const FAR = 6; // pixels before a press becomes a drawing
let drawn = null;

const cellsOf = (column) => [...column.querySelectorAll(".day__cell")];
const startOf = (cell) => new URL(cell.href).searchParams.get("start");

function mark(until) {
  const cells = cellsOf(drawn.column);
  const [first, last] = [cells.indexOf(drawn.from), cells.indexOf(until)].sort((a, b) => a - b);
  drawn.cells = cells.slice(first, last + 1);
  for (const cell of cells) cell.classList.toggle("is-drawn", drawn.cells.includes(cell));
}

function end(event) {
  const { column, cells } = drawn;
  const step = Number(column.closest(".day").dataset.cell ?? 15) * 60_000;
  const last = new Date(new Date(startOf(cells.at(-1))).getTime() + step).toISOString();
  const asked = new URLSearchParams({ start: startOf(cells[0]), ende: last, bei: column.dataset.resource });
  for (const cell of cells) cell.classList.remove("is-drawn");
  event.preventDefault();
  window.htmx.ajax("GET", `${column.closest(".day").dataset.blockNew}?${asked}`, { source: cells[0], target: "#panel" });
}

document.addEventListener("pointerdown", (event) => {
  const from = event.target.closest?.(".day[data-block-new] .day__cell");
  if (!from || event.button !== 0 || event.pointerType !== "mouse") return;
  const move = (now) => {
    if (!drawn && Math.abs(now.clientY - event.clientY) > FAR) drawn = { from, column: from.closest(".day__column"), cells: [from] };
    const over = document.elementFromPoint(now.clientX, now.clientY)?.closest?.(".day__cell");
    if (drawn && over?.closest(".day__column") === drawn.column) mark(over);
  };
  const up = (now) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", up);
    if (!drawn) return;
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
    end(now);
    drawn = null;
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", up);
});

document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".day__cell")) event.preventDefault(); });
