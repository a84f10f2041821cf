// What this browser remembers of a practice's key: its fingerprint, from the first log-in on. It lies outside of the
// database, so that whoever exchanges everything there, grants included, is noticed by each member's own browser.

const place = (practice) => `sprechzeit-key:${practice}`;

export function remembered(practice) {
  try {
    return localStorage.getItem(place(practice)) ?? "";
  } catch {
    return ""; // storage is off: the server's own comparison is what is left
  }
}

export function remember(practice, print) {
  try {
    localStorage.setItem(place(practice), print);
  } catch {
    // storage is off
  }
}

// Whether the opened key is the one that was seen before; what was never seen is remembered. Otherwise the session ends
// on the server, the owners are told, and the page that says what to do comes up.
export async function compare({ practice, print }, { differs, page, csrf }) {
  const before = remembered(practice);
  if (!before) remember(practice, print);
  if (!before || before === print) return true;
  document.documentElement.classList.add("is-locked");
  const body = new URLSearchParams({ remembered: before });
  await fetch(differs, { method: "POST", headers: { "X-CSRFToken": csrf }, body }).catch(() => {});
  location.replace(`${page}?hier=1#${practice}`);
  return false;
}

// At log-in: the answer's key, and the addresses that stand at the ceremony's box.
export const compareAt = (box, key, csrf) =>
  !key || compare(key, { differs: box.dataset.keyDiffers, page: box.dataset.keyPage, csrf });
