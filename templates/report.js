"use strict";
// Filters rows, keeps the filter in the address, draws the long tail. The page is complete without it.
(() => {
  const filter = document.getElementById("filter");
  const field = (name) => filter.querySelector(`[name="${name}"]`);
  const found = document.getElementById("found");
  const rows = Array.from(document.querySelectorAll("[data-row]"), (node) => ({
    node,
    status: node.dataset.status,
    severity: node.dataset.severity,
    drift: node.dataset.drift || "",
    account: node.dataset.account,
    text: null,
  }));
  const fields = ["q", "status", "severity", "drift", "account"];
  const PAGE = 200;

  const tail = (() => {
    const columns = JSON.parse(document.getElementById("tail").textContent);
    const get = (column, at) => columns.strings[columns[column][at]];
    const count = columns.rule.length;
    return { get, count };
  })();
  const tailBody = document.getElementById("tail-rows");
  const tailMore = document.getElementById("tail-more");
  const tailNote = document.getElementById("tail-note");
  const held = document.querySelector("#passes details");
  let matches = [];
  let drawn = 0;

  const element = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  const tailRow = (at) => {
    const row = element("tr");
    const status = element("td");
    status.append(element("span", "badge " + tail.get("status", at), tail.get("status", at).replace("_", " ")));
    const rule = element("td");
    const link = element("a");
    link.href = "#rule-" + tail.get("rule", at);
    link.append(element("code", "", tail.get("rule", at)));
    rule.append(link);
    const subject = element("td");
    const where = element("span", "where");
    for (const column of ["account", "region"]) {
      if (tail.get(column, at)) where.append(element("code", "", tail.get(column, at)), " ");
    }
    subject.append(element("span", "name", tail.get("name", at)), " ", where);
    row.append(status, rule, subject, element("td", "", tail.get("message", at)));
    return row;
  };

  const draw = () => {
    const until = Math.min(matches.length, drawn + PAGE);
    for (; drawn < until; drawn += 1) tailBody.append(tailRow(matches[drawn]));
    tailMore.hidden = drawn >= matches.length;
    tailNote.textContent = (matches.length - drawn).toLocaleString("en") + " more rows.";
    tailNote.hidden = tailMore.hidden;
  };

  const wanted = () => Object.fromEntries(fields.map((name) => [name, field(name).value.trim()]));

  const matcher = (want) => {
    const words = want.q.toLowerCase().split(/\s+/).filter(Boolean);
    return (status, severity, drift, account, text) =>
      (!want.status || want.status === status) &&
      (!want.severity || want.severity === severity) &&
      (!want.drift || want.drift === drift) &&
      (!want.account || want.account === account) &&
      words.every((word) => text().includes(word));
  };

  const searchable = (row) => {
    if (row.text === null) {
      const rule = row.node.closest("article");
      row.text = (row.node.textContent + " " + (rule ? rule.querySelector("header").textContent : "")).toLowerCase();
    }
    return row.text;
  };

  const apply = () => {
    const want = wanted();
    const active = fields.some((name) => want[name]);
    const match = matcher(want);
    let count = 0;
    for (const row of rows) {
      const show = match(row.status, row.severity, row.drift, row.account, () => searchable(row));
      row.node.hidden = !show;
      count += show ? 1 : 0;
    }
    for (const rule of document.querySelectorAll("#failures article")) {
      rule.hidden = active && !rule.querySelector("[data-row]:not([hidden])");
    }
    for (const line of document.querySelectorAll(".matrix tr[data-account]")) {
      line.hidden = Boolean(want.account) && line.dataset.account !== want.account;
    }
    for (const unit of document.querySelectorAll(".matrix .unit")) {
      unit.hidden = !unit.parentElement.querySelector("tr[data-account]:not([hidden])");
    }
    if (tail.count) {
      const columns = ["rule", "name", "account", "region", "message"];
      matches = [];
      for (let at = 0; at < tail.count; at += 1) {
        const text = () => columns.map((column) => tail.get(column, at)).join(" ").toLowerCase();
        const row = ["status", "severity", "drift", "account"].map((column) => tail.get(column, at));
        if (match(...row, text)) matches.push(at);
      }
      count += matches.length;
      tailBody.replaceChildren();
      drawn = 0;
      draw();
    }
    if (active && held && held.querySelector("tr[data-row]:not([hidden]), #tail-rows tr")) held.open = true;
    const all = rows.length + tail.count;
    found.textContent = active
      ? count.toLocaleString("en") + " of " + all.toLocaleString("en") + " verdicts"
      : all.toLocaleString("en") + " verdicts";
  };

  const remember = () => {
    const state = new URLSearchParams(Object.entries(wanted()).filter(([, value]) => value));
    history.replaceState(null, "", "#" + state);
  };

  const recall = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const state = new URLSearchParams(hash);
      for (const name of fields) field(name).value = state.get(name) || "";
      apply();
      return;
    }
    const target = hash && document.getElementById(decodeURIComponent(hash));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
      if (node.hidden) node.hidden = false;
    }
    target.scrollIntoView();
  };

  let pending = 0;
  filter.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(() => { apply(); remember(); }, 80);
  });
  filter.querySelector("button").addEventListener("click", () => {
    for (const name of fields) field(name).value = "";
    apply();
    remember();
  });
  addEventListener("hashchange", recall);
  if (tailMore) tailMore.addEventListener("click", draw);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const node of closed) node.open = true;
  });
  addEventListener("afterprint", () => {
    for (const node of closed) node.open = false;
  });

  filter.hidden = false;
  apply();
  recall();
})();
