// The encrypted day sheet makes itself while a desk is open: only a session can read the names. Where this browser was told
// so, each fresh one is also put into its downloads. It says nothing when it fails: the page of the day sheet shows the
// state.

const EVERY = 5 * 60 * 1000;
const APART = 2 * 60 * 60 * 1000; // between two downloads, unless it has become morning or evening meanwhile
const entry = document.querySelector("[data-day-sheet]");
const place = (what) => `sprechzeit-day-sheet:${what}:${entry.dataset.daySheet}`;

function kept(what) {
  try {
    return localStorage.getItem(place(what)) ?? "";
  } catch {
    return ""; // storage is off
  }
}

function keep(what, value) {
  try {
    if (value) localStorage.setItem(place(what), value);
    else localStorage.removeItem(place(what));
  } catch {
    // storage is off: nothing is downloaded by itself
  }
}

// "X-Live": nobody did anything, the session's idle time runs on.
async function ask(url, method = "GET") {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await fetch(url, { method, headers: { "X-Live": "1", ...(method === "POST" && { "X-CSRFToken": token }) } });
  if (answer.redirected || !answer.ok) throw new Error("no answer");
  return answer;
}

// One look after the other: two at once would download twice.
let looking = Promise.resolve();
const look = () => { looking = looking.then(lookOnce); };

async function lookOnce() {
  try {
    let now = await (await ask(entry.dataset.check)).json();
    if (now.due) now = await (await ask(entry.dataset.make, "POST")).json();
    if (now.made && kept("here")) await download(now);
  } catch {
    // logged out, locked or offline: the next look will tell
  }
}

async function download({ made, moment, name }) {
  const last = Date.parse(kept("last") || 0);
  if (last >= Date.parse(made) || (last >= Date.parse(moment) && Date.parse(made) - last < APART)) return;
  const file = URL.createObjectURL(await (await ask(entry.dataset.file)).blob());
  keep("last", made);
  const link = document.createElement("a");
  link.href = file;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(file), 60_000);
}

if (entry) {
  look();
  setInterval(look, EVERY);
  const choice = document.querySelector("[data-day-sheet-here]");
  if (choice) {
    choice.checked = Boolean(kept("here"));
    choice.closest("[hidden]").hidden = false;
    choice.addEventListener("change", () => {
      keep("here", choice.checked ? "1" : "");
      keep("last", "");
      if (choice.checked) look();
    });
  }
}
