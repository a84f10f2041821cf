// Says that the times are the practice's where this device's clock would show others on those days.

for (const box of document.querySelectorAll("[data-zone]")) compare(box);

// Days that htmx brings later may lie behind a change of the clocks.
document.addEventListener("htmx:load", () => {
  for (const box of document.querySelectorAll("[data-zone]")) compare(box);
});

function compare(box) {
  const moments = box.dataset.zoneMoment ? [box.dataset.zoneMoment] : shown();
  box.hidden = moments.every((one) => clock(one, box.dataset.zone) === clock(one));
}

function shown() {
  const buttons = [...document.querySelectorAll("button[name=zeit]")].map((one) => one.value);
  return buttons.length ? buttons : [new Date().toISOString()];
}

function clock(moment, timeZone) {
  return new Date(moment).toLocaleString("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" });
}
