// Log in with a passkey.

import { attach, csrfOf, post, prove } from "./passkey.js";
import { keep, opener } from "./opener.js";

for (const box of document.querySelectorAll("[data-passkey-login]")) {
  attach(box, async () => {
    const csrf = csrfOf(box);
    const proof = await prove(await post(box.dataset.begin, csrf, {}));
    const sent = await opener(box, proof);
    const done = await post(box.dataset.finish, csrf, { ...proof, ...sent });
    keep(proof.credential.rawId, sent.device);
    location.assign(done.next);
  });
}
