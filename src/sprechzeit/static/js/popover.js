// Menus and popovers are plain <details>; with scripts they also close by a click beside them and by Escape.

const OPEN = "details:is(.menu, .popover, .tongues)[open]";

document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll(OPEN)) if (!one.contains(event.target)) one.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of document.querySelectorAll(OPEN)) {
    const had = one.contains(document.activeElement);
    one.open = false;
    if (had) one.querySelector("summary").focus();
    event.stopPropagation(); // the panel beside it stays
  }
}, { capture: true });
