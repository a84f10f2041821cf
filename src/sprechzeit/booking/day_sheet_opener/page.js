// The page: choose the way, open, print, close. What was opened is forgotten with "Close", when the page is left, and after
// half an hour.

const FORGETS_AFTER = 30 * 60 * 1000;
const OLD = 24 * 60 * 60 * 1000;
const $ = (name) => document.querySelector(`[data-${name}]`);
const data = JSON.parse(document.getElementById("sheet").textContent);
const head = JSON.parse(new TextDecoder().decode(fromBase64(data.head)));
const form = $("form");
let opened = null;
let message = "";
let timer = 0;
let until = 0; // a computer that slept runs its timers late

const kind = () => form.elements.kind.value;

function show() {
  sayAll();
  $("name").textContent = head.name;
  $("made").textContent = `${shortDate(head.made_at.slice(0, 10))}, ${head.made_at.slice(11, 16)}`;
  $("for").textContent = head.days.map(dayName).join(" · ");
  $("phone").textContent = head.phone;
  $("phone-row").hidden = !head.phone;
  $("old").hidden = Date.now() - Date.parse(head.made_at) < OLD;
  for (const part of document.querySelectorAll("[data-way]")) part.hidden = part.dataset.way !== kind();
  form.hidden = opened !== null;
  $("opened").hidden = opened === null;
  $("message").textContent = message ? say(message) : "";
  $("message").hidden = !message;
  if (opened) showDays(opened, $("sheet"));
}

function forget(why) {
  clearTimeout(timer);
  opened = null;
  message = why;
  $("sheet").replaceChildren();
  const before = kind();
  form.reset();
  form.elements.kind.value = before;
  form.elements.passphrase.type = "password";
  show();
}

async function open(event) {
  event.preventDefault();
  const button = $("open");
  button.disabled = true;
  button.textContent = say("opening");
  const way = kind();
  try {
    const days = await openSheet(data, way, form.elements[way].value);
    forget("");
    opened = days;
    until = Date.now() + FORGETS_AFTER;
    timer = setTimeout(() => forget("forgotten"), FORGETS_AFTER);
  } catch (error) {
    message = error.message === "wrong" ? `wrong${way}` : TEXTS.de[error.message] ? error.message : "damaged";
  }
  button.disabled = false;
  show();
  (opened ? $("close") : form.elements[way]).focus();
}

const there = data.ways.map((one) => one.kind);
for (const choice of form.elements.kind) choice.closest("label").hidden = !there.includes(choice.value);
form.elements.kind.value = there.includes("passphrase") ? "passphrase" : "recovery";
form.addEventListener("submit", open);
form.addEventListener("change", (event) => {
  if (event.target.name === "kind") { message = ""; show(); }
  if (event.target.matches("[data-reveal]")) form.elements.passphrase.type = event.target.checked ? "text" : "password";
});
$("language").addEventListener("click", () => { language = language === "de" ? "en" : "de"; show(); });
$("print").addEventListener("click", () => window.print());
$("close").addEventListener("click", () => forget("forgotten"));
document.addEventListener("visibilitychange", () => { if (opened && Date.now() >= until) forget("forgotten"); });
window.addEventListener("pagehide", () => forget(""));
if (!globalThis.crypto?.subtle) {
  message = "nocrypto";
  $("open").disabled = true;
}
show();
