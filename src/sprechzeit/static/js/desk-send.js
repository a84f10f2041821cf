// The grid's measures, and one way to ask the server for a change: what is on screen already goes back when it is refused.

export const MINUTES = 5; // of a row

export const grid = () => document.querySelector(".day[data-rows]");
export const columnsOf = (day) => [...day.querySelectorAll(".day__column")];
export const rowOf = (entry) => Number(getComputedStyle(entry).gridRowStart);
export const rowsOf = (entry) => Number(getComputedStyle(entry).gridRowEnd.replace("span ", ""));
export const rowHeight = (column) => column.clientHeight / Number(grid().dataset.rows);

const refused = new WeakSet();

// A refusal comes with a page for the panel that says why and what else there is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const source = event.detail.requestConfig?.elt;
  if (source && event.detail.xhr.status >= 400) refused.add(source);
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt) refused.add(event.detail.elt);
  const bar = document.querySelector("[data-live-lost]");
  if (!bar?.hidden) return;
  bar.querySelector("[data-live-since]").textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  bar.hidden = false;
});

/** Post `values` for `source`, an entry or a cell; tells whether it was done. */
export async function send(source, url, values) {
  refused.delete(source);
  source.classList.add("entry--moving");
  try {
    await window.htmx.ajax("POST", String(url), { source, target: "#panel", values: { ...values, key: crypto.randomUUID() } });
  } catch {
    refused.add(source);
  } finally {
    source.classList.remove("entry--moving");
  }
  return !refused.has(source);
}

/** The click that ends a drag is no click. */
export function swallowClick() {
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
}
