// What the page can do beyond being read: fold, search, filter, sort, follow a short address. Without it, all is shown.
"use strict";
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const findings = all("details.f");
  const folds = all("details.fold, details.how");
  // A handful is read at once.
  for (const details of [...(findings.length > 5 ? findings : []), ...folds]) details.open = false;

  // Findings: search, filters, order. `text` is what is searched; the group's name belongs to it.
  const form = one("#filter");
  const list = one("#list");
  const groups = all(".group");
  const known = findings.map((details) => {
    const group = details.closest(".group");
    const [severity, verdict, rule] = ["b", "i", "em"].map((tag) => details.querySelector("summary " + tag).textContent);
    const family = rule.split("-")[0];
    const name = group.querySelector("h3").firstChild.textContent;
    const text = (group.querySelector("h3").textContent + " " + details.textContent).toLowerCase();
    return { details, group, severity, verdict, rule, family, name, text, tier: group.dataset.tier };
  });
  const flat = document.createElement("div");
  const rank = { critical: 0, high: 1, medium: 2, low: 3 };
  const orders = {
    severity: (a, b) => rank[a.severity] - rank[b.severity],
    rule: (a, b) => a.rule.localeCompare(b.rule, "en") || rank[a.severity] - rank[b.severity],
  };
  const arrange = (order) => {
    all(".from").forEach((node) => node.remove());
    const sorted = orders[order] ? [...known].sort(orders[order]) : known;
    for (const entry of sorted) {
      if (!orders[order]) { entry.group.append(entry.details); continue; }
      const from = document.createElement("span");
      from.className = "from";
      from.textContent = " · " + entry.name;
      entry.details.querySelector("summary").append(from);
      flat.append(entry.details);
    }
    if (orders[order]) list.append(flat); else flat.remove();
  };
  let arranged = "";
  const apply = () => {
    const asked = Object.fromEntries(new FormData(form));
    const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of known) {
      const keep = ["tier", "verdict", "severity", "family"].every((key) => !asked[key] || asked[key] === entry[key])
        && words.every((word) => entry.text.includes(word));
      entry.details.hidden = !keep;
      shown += keep;
    }
    if (asked.order !== arranged) arrange(arranged = asked.order);
    for (const group of groups) group.hidden = !group.querySelector("details.f:not([hidden])");
    const some = new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
    form.querySelector("output").textContent = some ? shown + " of " + known.length + " findings shown" : "";
    return some;
  };
  const remember = () => {
    const some = apply();
    history.replaceState(null, "", some ? "#?" + some : "#findings");
  };
  if (form) {
    form.addEventListener("input", remember);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(remember));
    const fold = form.elements.fold;
    fold.addEventListener("click", () => {
      const open = !findings.some((details) => details.open);
      findings.forEach((details) => { details.open = open; });
      fold.textContent = open ? "Fold all" : "Open all";
    });
    if (findings.some((details) => details.open)) fold.textContent = "Fold all";
    list.addEventListener("keydown", (event) => {
      if (event.target.tagName !== "SUMMARY") {
        return;
      }
      const heads = all("details.f:not([hidden]) > summary", list).filter((head) => !head.closest(".group[hidden]"));
      const at = heads.indexOf(event.target);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: heads.length - 1 }[event.key];
      if (heads[to]) { event.preventDefault(); heads[to].focus(); }
    });
  }

  // Services and heat map: one search for the rows of both.
  const find = one("#find");
  if (find) {
    const rows = all(find.dataset.rows).map((row) => [row, row.textContent.toLowerCase()]);
    find.addEventListener("input", () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden && row.closest(".cards") !== null;
      }
      find.parentElement.querySelector(".found").textContent = words.length ? shown + " services shown" : "";
    });
  }

  // Tables: a head is a button that sorts, by the number behind a cell where there is one.
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
  };
  for (const table of all("table.sort")) {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      const axis = head.querySelector("svg");
      if (axis) axis.remove();
      button.append(...head.childNodes);
      head.append(button);
      if (axis) head.append(axis);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [value(row, column), row]);
        rows.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }) * (down ? -1 : 1));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }

  // Addresses: #finding by its fingerprint, whole or its beginning; #service; #?filters.
  const target = (name) => document.getElementById(name)
    || (/^[0-9a-f]{6,}$/.test(name) && (document.getElementById(name.slice(0, 12)) || one('details[id^="' + name + '"]')))
    || document.getElementById("service-" + name);
  const go = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("?") && form) {
      for (const [key, text] of new URLSearchParams(hash.slice(1))) {
        if (form.elements[key]) form.elements[key].value = text;
      }
      apply();
      one("#findings").scrollIntoView({ behavior: "instant" });
      return;
    }
    let name = hash;
    try { name = decodeURIComponent(hash); } catch { /* as it is */ }
    const found = name && target(name);
    if (!found) return;
    if (form && found.closest("#list") && (found.hidden || found.querySelector("[hidden]") || found.closest("[hidden]"))) {
      form.reset();
      apply();
    }
    if (found.matches("details")) found.open = true;
    if (found.matches(".group")) all("details.f", found).forEach((details) => { details.open = true; });
    found.scrollIntoView({ behavior: "instant" });
    const focus = found.querySelector("summary");
    if (focus) focus.focus({ preventScroll: true });
  };
  addEventListener("hashchange", go);
  go();

  // Paper has no folds.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
});
