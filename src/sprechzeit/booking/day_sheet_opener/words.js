// The recovery key as it is printed: seventeen words of five letters ("proquints"), as sprechzeit/vault/recovery.py reads
// them. Fails with the name of what is wrong: "length", "letter" or "checksum".

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aiou";
const PATTERN = [CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS];
const WORDS = 17;
const SECRET_SIZE = 32;
const SEPARATORS = /[\s\u0085\u001c-\u001f\-\u2010\u2011\u2012\u2013\u2014\u2212,.;]/g;
const CHECKSUM_LABEL = "sprechzeit/v1/recovery/checksum";

async function fromWords(text) {
  const letters = [...text.toLowerCase().replace(SEPARATORS, "")];
  if (letters.length !== WORDS * PATTERN.length) throw new Error("length");
  const raw = new Uint8Array(WORDS * 2);
  for (let word = 0; word < WORDS; word += 1) {
    let bits = 0;
    PATTERN.forEach((alphabet, place) => {
      const value = alphabet.indexOf(letters[word * PATTERN.length + place]);
      if (value < 0) throw new Error("letter");
      bits = bits * alphabet.length + value;
    });
    raw.set([bits >> 8, bits & 255], word * 2);
  }
  const secret = raw.slice(0, SECRET_SIZE);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", frame(utf8(CHECKSUM_LABEL), secret)));
  if (hash[0] !== raw[SECRET_SIZE] || hash[1] !== raw[SECRET_SIZE + 1]) throw new Error("checksum");
  return secret;
}
