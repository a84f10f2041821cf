// Log in with a passkey.

import { attach, csrfOf, post, prove } from "./passkey.js";
import { keep, opener } from "./opener.js";
import { compareAt } from "./key-pin.js";

for (const box of document.querySelectorAll("[data-passkey-login]")) {
  attach(box, async () => {
    const csrf = csrfOf(box);
    const proof = await prove(await post(box.dataset.begin, csrf, {}));
    const sent = await opener(box, proof);
    const done = await post(box.dataset.finish, csrf, { ...proof, ...sent }).catch((error) => {
      if (error.code === "key-swapped") location.assign(box.dataset.keyPage);
      throw error;
    });
    keep(proof.credential.rawId, sent.device);
    if (await compareAt(box, done.key, csrf)) location.assign(done.next);
  });
}
