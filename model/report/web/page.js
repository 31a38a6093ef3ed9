"use strict";
(() => {
  const data = JSON.parse(document.getElementById("orders").textContent);
  const byId = (name) => document.getElementById(name);
  const head = document.querySelector("#table thead"), body = document.querySelector("#table tbody");
  const figures = ["number", "money", "price", "signed"];
  const place = Object.fromEntries(data.columns.map((column, index) => [column.name, index]));
  const whole = new Intl.NumberFormat(data.language, { maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(data.language, { maximumFractionDigits: 3 });
  const cents = new Intl.NumberFormat(data.language, { maximumFractionDigits: 2 });
  for (const [name, texts] of Object.entries(data.words)) {
    data.rows.forEach((row) => { row[place[name]] = texts[row[place[name]]] ?? null; });
  }
  const words = data.rows.map((row) => row.filter((cell) => typeof cell === "string").join("\n").toLowerCase());
  let sorted = null, direction = 1;

  const shown = (value, kind) => {
    if (value === null) return "";
    if (kind === "money") return whole.format(value);
    if (kind === "signed") return (value > 0 ? "+" : "") + whole.format(value);
    if (Array.isArray(value)) return value.map((end) => end === null ? "" : shown(end, kind)).join(" \u2013 ");
    if (kind === "price") return (Math.abs(value) < 10000 ? cents : whole).format(value);
    return kind === "number" ? exact.format(value) : value;
  };

  const before = (one, other) => {
    const [a, b] = [one, other].map((index) => [data.rows[index][sorted]].flat().find((end) => end !== null) ?? null);
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "string" ? a.localeCompare(b, data.language, { numeric: true }) : a - b;
    return direction * order || one - other;
  };

  const looks = (row, name, kind) => {
    const classes = [];
    if (figures.includes(kind)) classes.push("figure");
    if (["promised_date", "due_date", "status"].includes(name)) classes.push("unbroken");
    if (name === "reason") classes.push("reason");
    if (row[place[name]] === null) classes.push("empty");
    const late = row[place.days_after_due] > 0 && (name === "days_after_due" || name === "promised_date");
    const loses = name === "margin" && row[place.margin] < 0;
    if (late || loses || (name === "status" && data.bad.includes(row[place.status]))) classes.push("bad");
    return classes.join(" ");
  };

  const line = (row) => {
    const tr = document.createElement("tr");
    if (data.faint.includes(row[place.status])) tr.className = "faint";
    data.columns.forEach((column, index) => {
      const td = document.createElement("td");
      td.textContent = shown(row[index], column.kind);
      td.className = looks(row, column.name, column.kind);
      td.dataset.label = column.header;
      tr.append(td);
    });
    return tr;
  };

  const draw = () => {
    const wanted = byId("search").value.trim().toLowerCase(), status = byId("status").value;
    const rows = data.rows.map((_, index) => index).filter((index) =>
      words[index].includes(wanted) && (!status || data.rows[index][place.status] === status));
    if (sorted !== null) rows.sort(before);
    body.replaceChildren(...rows.map((index) => line(data.rows[index])));
    byId("count").textContent = data.count.replace("%1", rows.length).replace("%2", data.rows.length);
    head.querySelectorAll("th").forEach((th, index) => {
      th.setAttribute("aria-sort", index !== sorted ? "none" : direction > 0 ? "ascending" : "descending");
    });
  };

  const sortBy = (index, way) => {
    direction = way ?? (index === sorted ? -direction : 1);
    sorted = index;
    draw();
  };

  const titles = document.createElement("tr");
  data.columns.forEach((column, index) => {
    const th = document.createElement("th"), button = document.createElement("button");
    button.type = "button";
    button.textContent = column.header;
    button.addEventListener("click", () => sortBy(index));
    if (figures.includes(column.kind)) th.className = "figure";
    th.append(button);
    titles.append(th);
    for (const way of [1, -1]) {
      byId("sort").append(new Option(`${data.sort}: ${column.header} ${way > 0 ? "\u25B2" : "\u25BC"}`, way * (index + 1)));
    }
  });
  head.append(titles);
  byId("search").addEventListener("input", draw);
  byId("status").addEventListener("change", draw);
  byId("sort").addEventListener("change", (event) => {
    const chosen = Number(event.target.value);
    sortBy(Math.abs(chosen) - 1, Math.sign(chosen));
  });
  draw();
})();
