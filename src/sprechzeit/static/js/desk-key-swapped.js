// The page about a swapped key: put the key back with an owner's passkey, and correct what this browser remembers.

import { attach, csrfOf, post, prove } from "./passkey.js";
import { keep, opener } from "./opener.js";
import { remember, remembered } from "./key-pin.js";

for (const box of document.querySelectorAll("[data-key-restore]")) {
  attach(box, async () => {
    const csrf = csrfOf(box);
    const proof = await prove(await post(box.dataset.begin, csrf, {}));
    const sent = await opener(box, proof);
    const done = await post(box.dataset.finish, csrf, { ...proof, ...sent });
    keep(proof.credential.rawId, sent.device);
    location.assign(done.next);
  });
}

// From paper, typed: what the server says is not asked here.
const part = document.querySelector("[data-key-remembered]");
const practice = location.hash.slice(1);
if (part && /^[0-9]+$/.test(practice) && remembered(practice)) {
  part.hidden = false;
  part.querySelector("[data-key-print]").textContent = remembered(practice);
  part.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.print;
    const letters = field.value.toLowerCase().replace(/[^a-z2-7]/g, "");
    if (letters.length !== 32) {
      field.setCustomValidity(field.dataset.wrong);
      field.reportValidity();
      field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
      return;
    }
    remember(practice, letters.match(/.{4}/g).join("-"));
    location.assign(part.dataset.next);
  });
}
