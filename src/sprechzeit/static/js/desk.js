// Small conveniences of the desk; every page works without them.

// A select or date that changes submits its form.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// htmx sends the token of the page with each request that changes something.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// Validation and conflict answers carry a page that says what to do.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 404, 409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// The panel closes with its button or with Escape, and the focus goes back to what opened it.
const panel = document.getElementById("panel");
let opener = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel && !panel.contains(event.detail.elt)) opener = event.detail.elt;
});
function closePanel() {
  if (!panel?.childNodes.length) return;
  panel.replaceChildren();
  opener?.focus();
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-panel]")) closePanel();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
});

// A change that the server has done: the panel's work is over.
document.addEventListener("desk:refresh", closePanel);

// Printing, and the rotation that goes on by itself.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector('[data-go-on="now"]')?.requestSubmit();

// At once to now: only the grid scrolls, the page's head stays where it is.
const now = document.querySelector(".day__now");
const grid = now?.closest(".day");
if (grid && !location.hash) grid.scrollTop += now.getBoundingClientRect().top - grid.getBoundingClientRect().top - grid.clientHeight / 2;
