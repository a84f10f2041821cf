// What the page says, German and English. Elements carry the word's name in data-text.

const TEXTS = {
  de: {
    title: "Tagesblatt für den Notfall",
    what: "Die Termine dieser Tage, verschlüsselt. Zum Öffnen braucht es keine Verbindung: Nichts wird gesendet.",
    made: "Stand", days: "Tage", phone: "Telefon der Praxis",
    how: "Womit öffnen?", recovery: "Notfallschlüssel (Wörter)", passphrase: "Passphrase",
    recoveryLabel: "Die 17 Wörter des Notfallblatts", recoveryHint: "Groß und klein, Leerzeichen und Striche spielen keine Rolle.",
    passphraseLabel: "Passphrase der Tagesblätter", reveal: "Anzeigen",
    open: "Öffnen", opening: "Wird geöffnet …", print: "Drucken", close: "Schließen",
    forgets: "Diese Seite vergisst alles mit „Schließen“ und von selbst nach 30 Minuten. Gedrucktes bitte schreddern.",
    forgotten: "Geschlossen. Zum Ansehen bitte neu öffnen.",
    length: "Ein Notfallschlüssel hat 17 Wörter mit je 5 Buchstaben. Bitte zählen Sie nach.",
    letter: "Ein Buchstabe kann so in keinem Notfallschlüssel stehen. Bitte vergleichen Sie die Wörter.",
    checksum: "Ein Wort ist falsch oder steht an falscher Stelle. Bitte vergleichen Sie mit dem Blatt.",
    wrongrecovery: "Dieser Notfallschlüssel gehört nicht zu diesem Tagesblatt.",
    wrongpassphrase: "Diese Passphrase passt nicht.",
    damaged: "Die Datei ist beschädigt oder wurde verändert. Bitte nehmen Sie eine andere.",
    nocrypto: "Dieser Browser kann hier nicht entschlüsseln. Bitte öffnen Sie die gespeicherte Datei mit einem aktuellen Firefox, Chrome oder Edge.",
    old: "Achtung: Dieses Blatt ist älter als einen Tag. Gibt es ein neueres?",
    time: "Zeit", minutes: "Min.", patient: "Patient", birth: "geb.", call: "Telefon", visit: "Was", where: "Wo", status: "Stand", note: "Kommentar",
    blocked: "Gesperrt", none: "Keine Termine.", count: "Termine", unread: "online gebucht, noch nicht übernommen",
    booked: "gebucht", arrived: "eingetroffen", "in-treatment": "in Behandlung", done: "fertig", "no-show": "nicht gekommen",
    "walk-in": "ohne Termin", emergency: "Notfall", language: "English",
  },
  en: {
    title: "Day sheet for emergencies",
    what: "The appointments of these days, encrypted. It opens without any connection: nothing is sent.",
    made: "As of", days: "Days", phone: "Phone of the practice",
    how: "What do you open it with?", recovery: "Recovery key (words)", passphrase: "Passphrase",
    recoveryLabel: "The 17 words of the recovery sheet", recoveryHint: "Upper and lower case, spaces and hyphens do not matter.",
    passphraseLabel: "Passphrase of the day sheets", reveal: "Show",
    open: "Open", opening: "Opening …", print: "Print", close: "Close",
    forgets: "This page forgets everything with “Close”, and by itself after 30 minutes. Please shred what you print.",
    forgotten: "Closed. Open it again to see it.",
    length: "A recovery key has 17 words of 5 letters each. Please count them.",
    letter: "There is a letter that no recovery key has in this place. Please compare the words.",
    checksum: "A word is wrong or out of place. Please compare it with the sheet.",
    wrongrecovery: "This recovery key does not belong to this day sheet.",
    wrongpassphrase: "This passphrase does not fit.",
    damaged: "The file is damaged or was changed. Please take another one.",
    nocrypto: "This browser cannot decrypt here. Please open the saved file with a current Firefox, Chrome or Edge.",
    old: "Careful: this sheet is more than a day old. Is there a newer one?",
    time: "Time", minutes: "min", patient: "Patient", birth: "born", call: "Phone", visit: "What", where: "Where", status: "Status", note: "Comment",
    blocked: "Blocked", none: "No appointments.", count: "Appointments", unread: "booked online, not taken over yet",
    booked: "booked", arrived: "arrived", "in-treatment": "in treatment", done: "done", "no-show": "no-show",
    "walk-in": "walk-in", emergency: "emergency", language: "Deutsch",
  },
};
let language = navigator.language.startsWith("en") ? "en" : "de";

const say = (name) => TEXTS[language][name] ?? name;

function sayAll() {
  document.documentElement.lang = language;
  document.title = `${say("title")} · ${document.body.dataset.practice}`;
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
}

function dayName(day) {
  const [year, month, date] = day.split("-").map(Number);
  const how = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString(language === "de" ? "de-DE" : "en-GB", how);
}

function shortDate(day) {
  return day ? day.split("-").reverse().join(".") : "";
}
