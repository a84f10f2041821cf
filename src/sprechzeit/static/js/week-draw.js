// Draw a span of weekly hours on the week grid; it is written into the form beside, which also works alone.

const STEP = 3; // rows of five minutes: a quarter of an hour
const week = document.querySelector("[data-week]");
const form = document.querySelector("[data-week-form]");
const first = Number(week?.dataset.first) * 60;
const rows = Number(week?.dataset.rows);
const columns = [...(week?.querySelectorAll("[data-weekday]") ?? [])];
let drawn = null;

function clock(row) {
  const minutes = (first + row * 5) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function rowAt(column, y) {
  const { top, height } = column.getBoundingClientRect();
  return Math.min(rows, Math.max(0, ((y - top) / height) * rows));
}

function columnAt(x) {
  const found = columns.findIndex((column) => x < column.getBoundingClientRect().right);
  return found === -1 ? columns.length - 1 : found;
}

function forget() {
  for (const mark of week.querySelectorAll(".week__drawn")) mark.remove();
}

// What lies between where it began and where the pointer is, on whole quarters, over one or several days.
function span(event) {
  const row = rowAt(columns[drawn.day], event.clientY);
  const day = columnAt(event.clientX);
  const [top, bottom] = row < drawn.row ? [row, drawn.row] : [drawn.row, row];
  const from = Math.floor(top / STEP) * STEP;
  const until = Math.max(from + STEP, Math.ceil(bottom / STEP) * STEP);
  return { from, until: Math.min(until, rows), days: [Math.min(day, drawn.day), Math.max(day, drawn.day)] };
}

function show({ from, until, days }) {
  forget();
  for (let day = days[0]; day <= days[1]; day += 1) {
    const mark = document.createElement("div");
    mark.className = "week__drawn";
    mark.textContent = `${clock(from)}–${clock(until)}`;
    mark.style.gridRow = `${from + 1} / ${until + 1}`;
    columns[day].append(mark);
  }
}

function write({ from, until, days }) {
  form.elements.opens.value = clock(from);
  form.elements.closes.value = clock(until);
  for (const box of form.querySelectorAll("[name=weekdays]")) {
    box.checked = Number(box.value) >= days[0] && Number(box.value) <= days[1];
  }
  const save = form.querySelector("[type=submit]");
  save.focus({ preventScroll: true });
  save.scrollIntoView({ block: "nearest" });
}

if (week && form) {
  week.classList.add("week--draws");
  form.querySelector("[data-week-hint]").hidden = false;
  week.addEventListener("pointerdown", (event) => {
    const column = event.target.closest("[data-weekday]");
    if (!column || event.button !== 0 || event.target.closest("a")) return;
    event.preventDefault();
    const day = columns.indexOf(column);
    drawn = { day, row: rowAt(column, event.clientY), pointer: event.pointerId };
    week.setPointerCapture(event.pointerId);
    show(span(event));
  });
  week.addEventListener("pointermove", (event) => {
    if (drawn?.pointer === event.pointerId) show(span(event));
  });
  week.addEventListener("pointerup", (event) => {
    if (drawn?.pointer !== event.pointerId) return;
    write(span(event));
    drawn = null;
  });
  const stop = () => {
    if (drawn) forget();
    drawn = null;
  };
  week.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
  });
}
