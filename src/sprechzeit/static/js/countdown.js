// How long the time is still held. It runs silently, and speaks twice: two minutes before the end, and at the end.

const SOON = 120;

for (const box of document.querySelectorAll("[data-countdown]")) run(box);

function run(box) {
  const end = Date.now() + Number(box.dataset.countdown) * 1000;
  const text = box.querySelector("[data-countdown-text]");
  const say = box.querySelector("[data-countdown-say]");
  if (Number(box.dataset.countdown) <= 0) return;
  let said = Number(box.dataset.countdown) <= SOON;
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      text.textContent = say.textContent = box.dataset.over;
      return;
    }
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    text.textContent = box.dataset.left.replace("%s", clock);
    if (left <= SOON && !said) {
      said = true;
      say.textContent = box.dataset.soon;
    }
  }, 1000);
}
