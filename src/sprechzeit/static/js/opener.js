// What opens the practice's key beside the passkey: its PRF output, or, where it has none, a passphrase and the device
// secret. The device secret is made here, stays in this browser, and is offered for print; the server keeps nothing of it.

import { toText } from "./passkey.js";

const place = (credential) => `sprechzeit-device:${credential}`;
// On paper it stands in hexadecimal digits: none of them can be misread.
const LENGTH = 16;
const toPaper = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("").match(/.{4}/g).join(" ");
const fromPaper = (text) => {
  const digits = text.replace(/\s+/g, "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
};

function kept(credential) {
  try {
    return localStorage.getItem(place(credential)) ?? "";
  } catch {
    return ""; // storage is off: the secret is typed from paper
  }
}

export function keep(credential, device) {
  if (!device) return;
  try {
    localStorage.setItem(place(credential), device);
  } catch {
    // storage is off: it is on the print only
  }
}

// Resolves to what is sent along; asks for the passphrase where the passkey gave no PRF output.
export function opener(box, proof, { fresh = false } = {}) {
  if (proof.prf) return Promise.resolve({ prf: toText(proof.prf) });
  const part = box.querySelector("[data-passphrase]");
  const credential = proof.credential.rawId;
  const bytes = fresh ? crypto.getRandomValues(new Uint8Array(LENGTH)) : null;
  const device = bytes ? toText(bytes) : kept(credential);
  const typed = part.querySelector("[name=device]");
  const shown = part.querySelector("[data-device-shown]");
  if (shown && bytes) shown.textContent = toPaper(bytes);
  if (typed) typed.closest(".field").hidden = Boolean(device);
  part.hidden = false;
  part.querySelector("[name=passphrase]").focus();
  return new Promise((resolve) => {
    part.querySelector("[data-passphrase-go]").onclick = () => {
      const secret = device || (fromPaper(typed?.value ?? "") && toText(fromPaper(typed.value)));
      if (!secret) {
        typed?.setCustomValidity(typed.dataset.wrong);
        typed?.reportValidity();
        typed?.addEventListener("input", () => typed.setCustomValidity(""), { once: true });
        return;
      }
      resolve({ passphrase: part.querySelector("[name=passphrase]").value, device: secret });
    };
  });
}

for (const button of document.querySelectorAll("[data-print-device]")) button.addEventListener("click", () => window.print());
