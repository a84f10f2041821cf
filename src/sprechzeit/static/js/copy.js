// Copy a field's text; the button is there only where the browser can do it.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // refused: the text is selected, so the keyboard's copy works
    }
    button.textContent = button.dataset.copied;
    document.querySelector("[data-copy-say]").textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}
