// Prove the passkey again, then send what was to be sent.

import { attach, csrfOf, post, prove } from "./passkey.js";

for (const box of document.querySelectorAll("[data-passkey-step-up]")) {
  attach(box, async () => {
    const csrf = csrfOf(box);
    const proof = await prove(await post(box.dataset.begin, csrf, {}));
    await post(box.dataset.finish, csrf, { challenge: proof.challenge, credential: proof.credential });
    document.getElementById("noch-einmal").submit();
  });
}
