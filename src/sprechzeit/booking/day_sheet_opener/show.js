// The opened days as tables, one for each clinician. Everything is set as text: a name cannot become markup.

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showDays(days, place) {
  place.replaceChildren(...days.map(dayOf));
}

function dayOf({ day, columns }) {
  const section = element("section", "", "day");
  section.append(element("h2", dayName(day)));
  if (!columns.length) section.append(element("p", say("none"), "muted"));
  for (const column of columns) section.append(columnOf(column, day));
  return section;
}

function columnOf({ name, lines }, day) {
  const part = element("section", "", "column");
  const count = lines.filter((one) => one.status).length;
  const heading = element("h3", name);
  heading.append(element("span", `${dayName(day)} · `, "muted only-print"), element("span", `${say("count")}: ${count}`, "muted"));
  const table = element("table");
  const head = element("tr");
  for (const one of ["time", "patient", "call", "visit", "status", "note"]) {
    const cell = element("th", say(one), one);
    cell.scope = "col";
    head.append(cell);
  }
  const top = element("thead");
  top.append(head);
  const body = element("tbody");
  body.append(...lines.map((one) => (one.status ? appointmentOf(one) : blockOf(one))));
  table.append(top, body);
  part.append(heading, table);
  return part;
}

function timeOf(line) {
  const cell = element("td", "", "time");
  cell.append(element("strong", line.from), element("small", `${line.minutes} ${say("minutes")}`));
  return cell;
}

function appointmentOf(line) {
  const row = element("tr", "", `is-${line.status}`);
  const patient = element("td", "", "patient");
  patient.append(element("strong", line.name ?? "—"));
  if (line.birth) patient.append(element("small", `${say("birth")} ${shortDate(line.birth)}`));
  if (line.unread) patient.append(element("small", say("unread")));
  const visit = element("td", "", "visit");
  visit.append(element("span", line.visit[language]));
  if (line.where.length) visit.append(element("small", line.where.join(", ")));
  const status = element("td", "", "status");
  status.append(element("span", say(line.status)));
  if (line.type !== "routine") status.append(element("small", say(line.type)));
  row.append(timeOf(line), patient, element("td", line.phone ?? "", "call"), visit, status, element("td", line.note, "note"));
  return row;
}

function blockOf(line) {
  const row = element("tr", "", "is-block");
  const what = element("td", [say("blocked"), line.block].filter(Boolean).join(": "));
  what.colSpan = 5;
  row.append(timeOf(line), what);
  return row;
}
