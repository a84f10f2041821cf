// Walk the grid by the arrow keys: up and down in a column, left and right to the neighbour at the same time. One place of
// the grid is in the order of the Tab key, not three hundred (ARIA Authoring Practices, grid and roving tabindex).

const PLACES = ".entry[href], .day__cell, .day__block[href]";
const day = () => document.querySelector(".day[data-rows]");
const top = (one) => one.getBoundingClientRect().top;
const placesOf = (column) => [...column.querySelectorAll(PLACES)].sort((a, b) => top(a) - top(b) || a.offsetLeft - b.offsetLeft);

function nearest(places, y) {
  return places.reduce((best, one) => (Math.abs(top(one) - y) < Math.abs(top(best) - y) ? one : best), places[0]);
}

function neighbour(from, key) {
  const columns = [...day().querySelectorAll(".day__column")];
  const here = columns.indexOf(from.closest(".day__column"));
  const places = placesOf(columns[here]);
  const at = places.indexOf(from);
  if (key === "ArrowUp") return places[at - 1];
  if (key === "ArrowDown") return places[at + 1];
  if (key === "Home") return places[0];
  if (key === "End") return places.at(-1);
  const step = key === "ArrowLeft" ? -1 : 1;
  for (let next = here + step; columns[next]; next += step) {
    const found = placesOf(columns[next]);
    if (found.length) return nearest(found, top(from));
  }
  return null;
}

function settle(current) {
  const grid = day();
  if (!grid) return;
  const places = [...grid.querySelectorAll(PLACES)];
  const now = grid.querySelector(".day__now");
  const first = places.filter((one) => one.matches(".entry")).find((one) => !now || top(one) >= top(now)) ?? places[0];
  for (const one of places) one.tabIndex = -1;
  const kept = current ?? (grid.contains(document.activeElement) ? document.activeElement : first);
  if (kept?.matches?.(PLACES)) kept.tabIndex = 0;
  else if (first) first.tabIndex = 0;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
  const from = event.target.closest?.(PLACES);
  if (!from || !day()?.contains(from)) return;
  event.preventDefault();
  event.stopPropagation();
  const next = neighbour(from, event.key);
  next?.focus();
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}, { capture: true });

// Where the focus was on the grid: a free place has no id by which it could be found again after somebody's change.
let last = "";
document.addEventListener("focusin", (event) => {
  const place = event.target.matches?.(PLACES) && day()?.contains(event.target);
  last = place ? event.target.getAttribute("href") : "";
  if (place) settle(event.target);
});
document.addEventListener("pointerdown", () => { last = ""; });
document.addEventListener("desk:refreshed", () => {
  const same = last && document.activeElement === document.body && [...day()?.querySelectorAll(PLACES) ?? []].find((one) => one.getAttribute("href") === last);
  if (same) same.focus({ preventScroll: true });
  else settle();
});
settle();
