// What stands in the fields of a part of the page that is about to be replaced, and which field has the focus. A field
// is known again by its id.

const FIELDS = "input[id]:not([type=hidden]), select[id], textarea[id]";

function isChanged(field) {
  if (field.matches("select")) {
    const chosen = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return Boolean(chosen) && field.value !== chosen.value;
  }
  return field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

export function typedIn(parts) {
  const typed = new Map();
  for (const part of parts)
    for (const field of part.querySelectorAll(FIELDS))
      if (isChanged(field)) typed.set(field.id, { value: field.value, checked: field.checked });
  const active = document.activeElement;
  return { typed, focused: active && [...parts].some((part) => part.contains(active)) ? active.id : "" };
}

export function putBack({ typed, focused }) {
  for (const [id, { value, checked }] of typed) {
    const field = document.getElementById(id);
    if (!field) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else if (!field.matches("select") || [...field.options].some((option) => option.value === value)) field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
