// A form is sent once: a second press while the answer is on its way does nothing.

for (const form of document.querySelectorAll("form[data-once]")) guard(form);

// Times that htmx puts in later are guarded too.
document.addEventListener("htmx:load", (event) => {
  for (const form of event.target.querySelectorAll?.("form[data-once]") ?? []) guard(form);
});

// Whoever comes back may send again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

function guard(form) {
  if ("guarded" in form.dataset) return;
  form.dataset.guarded = "";
  form.addEventListener("submit", (event) => {
    if ("sent" in form.dataset) event.preventDefault();
    form.dataset.sent = "";
  });
}
