// For the practice's own site: <script src="…/static/widget.js" data-praxis="…" async></script>
// Puts the booking page in where the tag stands. It reads nothing of the site and sets nothing in the browser.

(() => {
  const tag = document.currentScript;
  const practice = tag?.dataset.praxis ?? "";
  const language = tag?.dataset.sprache ?? "";
  if (!/^[\w-]+$/.test(practice) || !/^[a-z]{0,2}$/.test(language)) return;
  const host = new URL(tag.src).origin;
  const start = `${host}/widget/${practice}/${language && language !== "de" ? `${language}/` : ""}`;

  const frame = document.createElement("iframe");
  frame.src = start;
  frame.title = tag.dataset.titel ?? (language && language !== "de" ? "Book an appointment" : "Termin buchen");
  Object.assign(frame.style, { width: "100%", height: "700px", border: "0", display: "block" });
  frame.allow = "";

  let pages = 0;
  frame.addEventListener("load", () => {
    frame.contentWindow.postMessage(0, host); // "how high are you?", to our own address only
    pages += 1;
    if (pages > 1 && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== host || !Number.isInteger(event.data)) return;
    if (event.data > 0 && event.data < 20000) frame.style.height = `${event.data}px`;
  });
  tag.after(frame);
})();
