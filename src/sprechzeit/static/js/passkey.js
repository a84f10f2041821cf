// Passkey ceremonies (Web Authentication Level 3). The PRF output goes to the server in the same request that proves
// the passkey; it is used to open the practice's key and is never stored.

export const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

export const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// What the server said, for people.
export class Refused extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

export async function post(url, csrf, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.message ?? "", data.code ?? "");
  return data;
}

function ready(options) {
  const ready = structuredClone(options);
  ready.challenge = fromText(options.challenge);
  if (ready.user) ready.user.id = fromText(options.user.id);
  for (const list of [ready.allowCredentials, ready.excludeCredentials])
    for (const credential of list ?? []) credential.id = fromText(credential.id);
  ready.extensions.prf.eval.first = fromText(options.extensions.prf.eval.first);
  return ready;
}

function answerOf(credential) {
  const { response } = credential;
  const fields = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];
  const sent = {};
  for (const field of fields) if (response[field]) sent[field] = toText(response[field]);
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: sent };
}

const prfOf = (credential) => credential.getClientExtensionResults().prf?.results?.first;

// Prove a passkey that is there.
export async function prove(begun) {
  const credential = await navigator.credentials.get({ publicKey: ready(begun.publicKey) });
  return { challenge: begun.challenge, credential: answerOf(credential), prf: prfOf(credential) };
}

// Make a new one. Many authenticators tell at registration only that they can PRF; the output then takes a second touch.
export async function create(begun) {
  const options = ready(begun.publicKey);
  const credential = await navigator.credentials.create({ publicKey: options });
  let prf = prfOf(credential);
  if (!prf && credential.getClientExtensionResults().prf?.enabled) {
    const again = await navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rpId: options.rp.id,
        userVerification: "required",
        allowCredentials: [{ type: "public-key", id: credential.rawId }],
        extensions: { prf: options.extensions.prf },
      },
    });
    prf = prfOf(again);
  }
  return { challenge: begun.challenge, credential: answerOf(credential), prf };
}

export const csrfOf = (box) => (box.querySelector("[name=csrfmiddlewaretoken]") ?? document.querySelector("[name=csrfmiddlewaretoken]")).value;

// A box has a start button, a place for a problem and a note that is shown where passkeys do not work.
export function attach(box, ceremony) {
  const problem = box.querySelector("[data-passkey-problem]");
  if (!window.PublicKeyCredential) return;
  const note = box.querySelector("[data-passkey-unsupported]");
  if (note) note.hidden = true;
  for (const button of box.querySelectorAll("[data-passkey-start]")) {
    button.disabled = false;
    button.addEventListener("click", async () => {
      problem.hidden = true;
      button.disabled = true;
      try {
        await ceremony(button);
      } catch (error) {
        problem.textContent = error instanceof Refused && error.message ? error.message : box.dataset.failed;
        problem.hidden = false;
      } finally {
        button.disabled = false;
      }
    });
  }
}
