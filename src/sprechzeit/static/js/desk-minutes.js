// Minutes since a moment go on by themselves: nothing is asked of the server for that.

function count() {
  const now = Date.now();
  for (const one of document.querySelectorAll("[data-minutes-since]")) {
    const since = Date.parse(one.dataset.minutesSince);
    if (!Number.isNaN(since)) one.textContent = String(Math.max(0, Math.floor((now - since) / 60000)));
  }
}

setInterval(count, 15000);
