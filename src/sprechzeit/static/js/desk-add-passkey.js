// Add a passkey to one's own.

import { attach, create, csrfOf, post } from "./passkey.js";
import { keep, opener } from "./opener.js";

for (const box of document.querySelectorAll("[data-passkey-add]")) {
  attach(box, async () => {
    const csrf = csrfOf(box);
    const proof = await create(await post(box.dataset.begin, csrf, {}));
    const sent = await opener(box, proof, { fresh: true });
    await post(box.dataset.finish, csrf, { ...proof, ...sent, label: box.querySelector("[name=label]").value });
    keep(proof.credential.rawId, sent.device);
    location.assign(box.dataset.next);
  });
}
