// Take up an invitation: with a new passkey, or with the one that another practice knows already.

import { attach, create, csrfOf, post, prove, Refused } from "./passkey.js";
import { keep, opener } from "./opener.js";
import { compareAt } from "./key-pin.js";

for (const box of document.querySelectorAll("[data-passkey-join]")) {
  let made = null; // a passkey that exists already while its passphrase was refused
  attach(box, async (button) => {
    const name = box.querySelector("input[name=name]");
    if (!name.reportValidity()) return;
    const csrf = csrfOf(box);
    const known = button.hasAttribute("data-known");
    const invitation = location.hash.slice(1);
    if (!made || made.known !== known) {
      const begun = await post(box.dataset.begin, csrf, { invitation, known });
      made = { known, proof: known ? await prove(begun) : await create(begun) };
    }
    const sent = await opener(box, made.proof, { fresh: true });
    try {
      const done = await post(box.dataset.finish, csrf, { invitation, known, name: name.value, ...made.proof, ...sent });
      keep(made.proof.credential.rawId, sent.device);
      if (await compareAt(box, done.key, csrf)) location.assign(done.next);
    } catch (error) {
      if (!(error instanceof Refused && error.code === "weak-passphrase")) made = null;
      throw error;
    }
  });
}
