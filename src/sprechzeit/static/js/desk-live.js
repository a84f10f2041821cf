// An open desk keeps up: changes made elsewhere appear at once, and what is being typed stays. A lost connection is shown
// and healed; the last loaded day stays readable.

import "./desk-roving.js";

import { putBack, typedIn } from "./keep-typed.js";

const board = document.querySelector("[data-live]");
if (board) keepUp(board);

function keepUp(board) {
  const bar = document.querySelector("[data-live-lost]");
  const first = board.dataset.from;
  const behind = board.dataset.until; // half-open
  let source = null;
  let polling = null;
  let loading = false;
  let again = false;
  let stand = null;

  const concerns = (day) => !day || (day >= first && day < behind);

  async function refresh() {
    if (loading) { again = true; return; }
    loading = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { "X-Live": "1" } });
      if (answer.redirected || !answer.ok) throw new Error("not the day");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      const parts = document.querySelectorAll("[data-live-part]");
      const kept = typedIn([board, ...parts]);
      const { scrollTop, scrollLeft } = board.querySelector(".day") ?? board;
      board.replaceChildren(...fresh.childNodes);
      const day = board.querySelector(".day");
      if (day) Object.assign(day, { scrollTop, scrollLeft });
      window.htmx?.process(board);
      for (const part of parts) {
        part.replaceChildren(...(page.querySelector(`[data-live-part="${part.dataset.livePart}"]`)?.childNodes ?? []));
        window.htmx?.process(part);
      }
      putBack(kept);
      found();
      document.dispatchEvent(new CustomEvent("desk:refreshed"));
    } catch {
      lost();
    } finally {
      loading = false;
      if (again) { again = false; refresh(); }
    }
  }

  function lost() {
    if (!bar.hidden) return;
    bar.querySelector("[data-live-since]").textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    bar.hidden = false;
  }

  function found() {
    bar.hidden = true;
  }

  function stream() {
    source = new EventSource(board.dataset.live);
    let opened = false;
    source.addEventListener("ready", () => {
      if (!bar.hidden || opened) refresh(); // it was away: look what happened meanwhile
      opened = true;
      found();
    });
    source.addEventListener("change", (event) => { if (concerns(event.data)) refresh(); });
    source.addEventListener("poll", () => { source.close(); poll(); });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) { poll(); return; } // refused: no stream here
      setTimeout(() => { if (source.readyState !== EventSource.OPEN) lost(); }, 3000);
    };
  }

  function poll() {
    if (polling) return;
    polling = setInterval(async () => {
      try {
        const answer = await fetch(`${board.dataset.stand}?von=${first}&bis=${behind}`);
        if (answer.redirected || !answer.ok) throw new Error("no answer");
        const now = (await answer.json()).stand;
        if (stand !== null && now !== stand || !bar.hidden) await refresh();
        stand = now;
        found();
      } catch {
        lost();
      }
    }, 2000);
  }

  document.addEventListener("desk:refresh", refresh);
  window.addEventListener("pagehide", () => source?.close());
  stream();
}
