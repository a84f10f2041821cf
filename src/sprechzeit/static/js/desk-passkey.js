// Passkey log-in and registration. The PRF output goes to the server in the same request that proves the passkey;
// it is used to open the practice's key and is never stored.

const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

class Refused extends Error {}

async function post(url, csrf, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.message ?? "");
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

async function logIn(box, csrf) {
  const begun = await post(box.dataset.begin, csrf, {});
  const credential = await navigator.credentials.get({ publicKey: ready(begun.publicKey) });
  const prf = prfOf(credential);
  return post(box.dataset.finish, csrf, {
    challenge: begun.challenge,
    credential: answerOf(credential),
    prf: prf ? toText(prf) : "",
  });
}

// Many authenticators tell at registration only that they can PRF; the output then takes a second touch.
async function prfOfNew(credential, options) {
  const given = prfOf(credential);
  if (given) return given;
  if (!credential.getClientExtensionResults().prf?.enabled) return null;
  const again = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rpId: options.rp.id,
      userVerification: "required",
      allowCredentials: [{ type: "public-key", id: credential.rawId }],
      extensions: { prf: options.extensions.prf },
    },
  });
  return prfOf(again);
}

async function join(box, csrf) {
  const name = box.querySelector("input[name=name]");
  if (!name.reportValidity()) return null;
  const invitation = location.hash.slice(1);
  const begun = await post(box.dataset.begin, csrf, { invitation });
  const options = ready(begun.publicKey);
  const credential = await navigator.credentials.create({ publicKey: options });
  const prf = await prfOfNew(credential, options);
  return post(box.dataset.finish, csrf, {
    invitation,
    name: name.value,
    challenge: begun.challenge,
    credential: answerOf(credential),
    prf: prf ? toText(prf) : "",
  });
}

function attach(box, ceremony) {
  const button = box.querySelector("[data-passkey-start]");
  const problem = box.querySelector("[data-passkey-problem]");
  const csrf = box.querySelector("[name=csrfmiddlewaretoken]").value;
  if (!window.PublicKeyCredential) return;
  box.querySelector("[data-passkey-unsupported]").hidden = true;
  button.disabled = false;
  button.addEventListener("click", async () => {
    problem.hidden = true;
    button.disabled = true;
    try {
      const done = await ceremony(box, csrf);
      if (done) location.assign(done.next);
    } catch (error) {
      problem.textContent = error instanceof Refused && error.message ? error.message : box.dataset.failed;
      problem.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

for (const box of document.querySelectorAll("[data-passkey-login]")) attach(box, logIn);
for (const box of document.querySelectorAll("[data-passkey-join]")) attach(box, join);
