// The lock screen of a shared machine: the session ends at once, the page stays, covered, with all that was typed.
// A passkey of the same practice uncovers it, under that member's name.

import { attach, csrfOf, post, prove } from "./passkey.js";
import { keep, opener } from "./opener.js";
import { compareAt } from "./key-pin.js";

const dialog = document.getElementById("gesperrt");
const box = dialog?.querySelector("[data-passkey-unlock]");

async function lock() {
  if (dialog.open) return;
  document.documentElement.classList.add("is-locked"); // before anything can fail
  dialog.showModal();
  try {
    await fetch(box.dataset.lock, { method: "POST", headers: { "X-CSRFToken": csrfOf(box) } });
  } catch {
    // the line is down: the page is covered all the same, and the session ends by itself
  }
}

if (dialog) {
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-lock-screen]")) {
    button.hidden = false;
    button.addEventListener("click", lock);
  }
  attach(box, async () => {
    const csrf = csrfOf(box);
    const proof = await prove(await post(box.dataset.begin, csrf, {}));
    const sent = await opener(box, proof);
    const done = await post(box.dataset.finish, csrf, { ...proof, ...sent, practice: box.dataset.practice });
    keep(proof.credential.rawId, sent.device);
    if (!(await compareAt(box, done.key, csrf))) return;
    if (done.practice !== box.dataset.practice) return location.assign(done.next);
    for (const place of document.querySelectorAll("[data-member-name]")) place.textContent = done.member;
    document.documentElement.classList.remove("is-locked");
    dialog.close();
  });

  // Nobody at the machine: lock before the session ends by itself.
  const idle = Number(box.dataset.idleMinutes) * 60_000;
  let timer = setTimeout(lock, idle);
  for (const event of ["pointerdown", "keydown"])
    document.addEventListener(event, () => { clearTimeout(timer); timer = setTimeout(lock, idle); }, { passive: true });
}
