// The form for a new appointment by the keyboard alone: type a name, arrows and Enter pick the patient, then the time, then
// it is entered. Who is found and who is newly typed exclude each other.

const form = document.querySelector("[data-new-appointment]");
const box = form.querySelector("#q");
const hits = form.querySelector("#treffer");
const fresh = form.querySelector("[data-new-patient]");

const patients = () => [...hits.querySelectorAll("input[name=patient]")];
const pick = (radio) => { radio.checked = true; radio.focus(); radio.dispatchEvent(new Event("change", { bubbles: true })); };

/** After the patient comes the time, unless there is one: then it can be entered. */
function goOn() {
  const typed = form.querySelector("#uhrzeit")?.value;
  const time = form.querySelector(".times input[name=slot]");
  (typed || !time ? form.querySelector("[data-submit-new]") : time).focus();
}

box.addEventListener("keydown", (event) => {
  const found = patients();
  if (event.key === "ArrowDown" && found.length) { event.preventDefault(); pick(found.find((one) => one.checked) ?? found[0]); }
  if (event.key !== "Enter") return;
  event.preventDefault(); // it would send the form
  if (!found.length) return;
  if (found.length === 1 || found.some((one) => one.checked)) { pick(found.find((one) => one.checked) ?? found[0]); goOn(); } else pick(found[0]);
});

form.addEventListener("keydown", (event) => {
  const radio = event.target.closest("input[type=radio]");
  if (!radio) return;
  const group = [...form.querySelectorAll(`input[type=radio][name=${radio.name}]`)].filter((one) => one.getClientRects().length);
  const digit = Number(event.key);
  if (event.key === "Enter" && radio.name === "patient") { event.preventDefault(); radio.checked = true; goOn(); }
  else if (event.key === "ArrowUp" && radio === group[0] && radio.name === "patient") { event.preventDefault(); box.focus(); }
  else if (digit >= 1 && group[digit - 1] && !event.ctrlKey && !event.altKey && !event.metaKey) { event.preventDefault(); pick(group[digit - 1]); }
});

form.addEventListener("change", (event) => {
  if (event.target.name === "patient" && event.target.checked) fresh.open = false;
});

// From a patient's card: who comes is clear, the time is next.
form.querySelector("#zeiten")?.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === box && !box.value && patients().some((one) => one.checked)) goOn();
});

// A time that is picked is the time: what stood in the fields goes, lest two stand there.
form.addEventListener("change", (event) => {
  if (event.target.name !== "slot") return;
  for (const field of form.querySelectorAll("#tag, #uhrzeit")) field.value = "";
});
for (const field of form.querySelectorAll("#tag, #uhrzeit"))
  field.addEventListener("input", () => { for (const one of form.querySelectorAll("input[name=slot]:checked")) one.checked = false; });

// Somebody new is being typed: a hit does not push itself in between.
hits.addEventListener("htmx:afterSwap", () => { if (fresh.open) for (const one of patients()) one.checked = false; });

fresh.addEventListener("toggle", () => {
  if (!fresh.open) return;
  for (const one of patients()) one.checked = false;
  const last = fresh.querySelector("[name=last_name]");
  const [family, given = ""] = box.value.split(/[,\s]+/);
  if (!last.value && /^\p{L}/u.test(family)) { last.value = family; fresh.querySelector("[name=first_name]").value = given; }
  last.focus();
});

// Closed again, the new patient is not meant.
form.addEventListener("submit", () => {
  if (!fresh.open) for (const field of fresh.querySelectorAll("input")) field.value = "";
});
