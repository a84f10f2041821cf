// From what was typed to the opened days, as sprechzeit/vault/day_sheet.py closed them: HKDF, PBKDF2 and AES-GCM of the
// browser (Web Cryptography API). What does not open is an error without a detail.

const VERSION = Uint8Array.of(1);
const NONCE_SIZE = 12;
const label = (name) => utf8(`sprechzeit/v1/day-sheet/${name}`);

function utf8(text) {
  return new TextEncoder().encode(text);
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  parts.reduce((at, one) => { whole.set(one, at); return at + one.length; }, 0);
  return whole;
}

// Each field behind its length in 4 bytes, big-endian (vault/framing.py).
function frame(...fields) {
  return joined(...fields.flatMap((field) => [bigEndian(field.length, 4), field]));
}

function bigEndian(value, size) {
  const bytes = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

async function derive(secret, ...purpose) {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: frame(...purpose) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, material, 256));
}

async function stretch(passphrase, salt, iterations) {
  const typed = passphrase.normalize("NFKC").split(" ").filter(Boolean).join(" ");
  const material = await crypto.subtle.importKey("raw", utf8(typed), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, 256));
}

// Layout of a box: version | nonce | ciphertext and tag (vault/box.py).
async function openBox(key, box, purpose) {
  if (box[0] !== VERSION[0]) throw new Error("version");
  const ready = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: box.slice(1, 1 + NONCE_SIZE), additionalData: joined(VERSION, purpose) };
  return new Uint8Array(await crypto.subtle.decrypt(how, ready, box.slice(1 + NONCE_SIZE)));
}

// The opened days. Fails with "length", "letter" or "checksum" (words), "wrong" (it does not open), "damaged" (it does, and
// the rest does not fit).
async function openSheet(data, kind, typed) {
  const way = data.ways.find((one) => one.kind === kind);
  const head = fromBase64(data.head);
  const salt = fromBase64(way.salt);
  const practice = JSON.parse(new TextDecoder().decode(head)).practice;
  const place = frame(label("way"), bigEndian(practice, 8), utf8(kind), salt, bigEndian(way.iterations, 8));
  const secret = kind === "recovery" ? await fromWords(typed) : await stretch(typed, salt, way.iterations);
  let own;
  try {
    const kek = await derive(secret, label(kind), place);
    own = await openBox(kek, fromBase64(way.wrapped), place);
  } catch {
    throw new Error("wrong");
  }
  try {
    const key = await openBox(own, fromBase64(way.key), frame(label("content-key"), place, head));
    const content = await openBox(key, fromBase64(data.content), frame(label("content"), head));
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    throw new Error("damaged");
  }
}
