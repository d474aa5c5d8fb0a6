
"use strict";
// Shows the rows of each report: sorted, filtered, one by one, and as CSV. Every
// text from the data reaches the page as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);

  // Rows that are drawn above and below those in sight.
  const SPARE_ROWS = 20;
  // Rows that are printed; more are no use on paper.
  const PRINTED_ROWS = 5000;

  // What a screen would obey or hide: controls, line ends, directions, tags.
  const HIDDEN = new RegExp(
    "[\\u{0}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{34f}\\u{600}-\\u{605}\\u{61c}\\u{6dd}\\u{70f}" +
    "\\u{890}\\u{891}\\u{8e2}\\u{115f}\\u{1160}\\u{17b4}\\u{17b5}\\u{180b}-\\u{180f}" +
    "\\u{200b}-\\u{200f}\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}\\u{3164}\\u{fe00}-\\u{fe0f}" +
    "\\u{feff}\\u{ffa0}\\u{fff0}-\\u{fffb}\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}" +
    "\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]", "gu");
  const SHORT = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

  function escaped(character) {
    return SHORT[character] || "\\u{" + character.codePointAt(0).toString(16) + "}";
  }

  function visible(text) {
    return text.replace(HIDDEN, escaped);
  }

  // Puts a text into an element, with what is hidden in it shown and marked,
  // but for the characters of `kept`.
  function show(element, text, kept = "") {
    let from = 0;
    for (const found of text.matchAll(HIDDEN)) {
      if (kept.includes(found[0])) continue;
      if (found.index > from) element.append(text.slice(from, found.index));
      element.append(make("span", { class: "escape", text: escaped(found[0]) }));
      from = found.index + found[0].length;
    }
    if (from < text.length) element.append(text.slice(from));
  }

  function make(name, options = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(options)) {
      if (key === "text") element.textContent = value;
      else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value !== null) element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  const grouped = (number) => number.toLocaleString("en-US");

  // A column, whose different texts are each there once.
  class Column {
    constructor(column) {
      Object.assign(this, column);
      this.lower = null;
      this.order = null;
    }

    text(row) {
      const at = this.at[row];
      return at < 0 ? null : this.texts[at];
    }

    // Tells of each different text whether it holds the one that is looked for.
    holding(wanted) {
      this.lower ||= this.texts.map((text) => text.toLowerCase());
      return this.lower.map((text) => text.includes(wanted));
    }

    // Ranks each different text, so that rows are compared by numbers.
    rank(row) {
      this.order ||= this.ranks();
      const at = this.at[row];
      return at < 0 ? -1 : this.order[at];
    }

    ranks() {
      const places = this.texts.map((_, place) => place);
      const texts = this.texts;
      if (this.kind === "number") {
        places.sort((a, b) => Number(texts[a]) - Number(texts[b]));
      } else if (this.kind === "time") {
        // Without its Z a time with a fraction comes after the one without.
        const bare = texts.map((text) => text.replace(/Z$/, ""));
        places.sort((a, b) => (bare[a] < bare[b] ? -1 : bare[a] > bare[b] ? 1 : 0));
      } else {
        const collator = new Intl.Collator("en", { numeric: true });
        places.sort((a, b) => collator.compare(texts[a], texts[b]) || (texts[a] < texts[b] ? -1 : 1));
      }
      const ranks = new Int32Array(texts.length);
      places.forEach((place, rank) => { ranks[place] = rank; });
      return ranks;
    }
  }

  // One report's rows on the page.
  class Report {
    constructor(report, element) {
      Object.assign(this, report);
      this.element = element;
      this.box = element.querySelector(".rows");
      this.columns = report.columns.map((column) => new Column(column));
      this.byName = new Map(this.columns.map((column) => [column.name, column]));
      this.all = this.main.length === 0;
      this.sorted = null;
      this.typed = new Map();
      this.chosen = new Map();
      this.found = Uint32Array.from({ length: this.rows }, (_, row) => row);
      if (this.rows > 0) this.build();
    }

    build() {
      this.search = make("input", { type: "search", autocomplete: "off", spellcheck: "false",
        oninput: () => this.type(null, this.search.value) });
      this.count = make("span", { class: "count", role: "status", "aria-live": "polite" });
      const wide = make("input", { type: "checkbox", onchange: () => {
        this.all = wide.checked;
        for (const name of this.typed.keys()) if (name && !this.shown().some((c) => c.name === name)) this.typed.delete(name);
        this.head();
        this.filter();
      } });
      this.copyButton = make("button", { type: "button", text: "Copy CSV", onclick: () => this.copy() });
      const tools = make("div", { class: "tools" },
        make("label", {}, "Filter", this.search),
        make("button", { type: "button", text: "Download CSV", class: "download", onclick: () => this.download() }),
        this.copyButton);
      if (!this.all && this.main.length < this.columns.length) {
        tools.append(make("label", {}, wide, `All ${this.columns.length} columns`));
      }
      tools.append(this.count);
      this.chips = make("div", { class: "chips" });
      this.table = make("table", { "aria-labelledby": this.box.getAttribute("aria-labelledby") });
      this.thead = make("thead");
      this.body = make("tbody");
      this.table.append(this.thead, this.body);
      this.grid = make("div", { class: "grid-box", tabindex: "0", role: "region", "aria-label": "Rows, scrollable",
        onscroll: () => this.draw() });
      this.grid.append(this.table);
      this.box.append(tools, this.chips, this.grid);
      this.head();
      this.filter();
      this.connectCharts();
    }

    shown() {
      if (this.all) return this.columns;
      return this.main.flatMap((name) => {
        const local = this.byName.get(`${name}_local`);
        return [this.byName.get(name), local].filter(Boolean);
      });
    }

    // Draws the names of the columns, which sort, and a filter below each.
    head() {
      const names = make("tr", { "aria-rowindex": "1" });
      const filters = make("tr", { class: "filters" });
      for (const column of this.shown()) {
        const name = visible(column.name);
        const direction = this.sorted?.column === column ? (this.sorted.down ? "descending" : "ascending") : "none";
        const arrow = { none: "", ascending: " ▲", descending: " ▼" }[direction];
        const sort = make("button", { type: "button", title: visible(column.meaning), "data-sort": column.name,
          onclick: () => this.sort(column) }, name, make("span", { "aria-hidden": "true", text: arrow }));
        names.append(make("th", { scope: "col", "aria-sort": direction }, sort));
        const input = make("input", { type: "search", "aria-label": `Filter ${name}`, autocomplete: "off",
          spellcheck: "false", "data-filter": column.name, oninput: () => this.type(column.name, input.value) });
        input.value = this.typed.get(column.name) || "";
        filters.append(make("td", {}, input));
      }
      names.prepend(make("th", { scope: "col", class: "do" }, "Row"));
      filters.prepend(make("td", { class: "do" }));
      this.thead.replaceChildren(names, filters);
    }

    sort(column) {
      const again = this.sorted?.column === column;
      if (again && this.sorted.down) this.sorted = null;
      else this.sorted = { column, down: again };
      this.head();
      this.thead.querySelector(`[data-sort="${CSS.escape(column.name)}"]`).focus();
      this.filter();
    }

    type(name, text) {
      if (text === "") this.typed.delete(name);
      else this.typed.set(name, text);
      // Whoever types fast need not wait for each letter.
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => this.filter());
    }

    // Keeps rows by a value that was chosen in a chart; once more lets them go.
    choose(key, label, keeps) {
      if (this.chosen.get(key)?.label === label) this.chosen.delete(key);
      else this.chosen.set(key, { label, keeps });
      this.drawChips();
      this.filter();
      this.box.scrollIntoView({ block: "start" });
    }

    drawChips() {
      const chips = [...this.chosen].map(([key, choice]) => make("button", { type: "button", class: "chip",
        "aria-label": `Remove the filter ${visible(choice.label)}`,
        onclick: () => { this.chosen.delete(key); this.drawChips(); this.filter(); this.search.focus(); } },
        `${visible(choice.label)} ✕`));
      this.chips.replaceChildren(...chips);
      for (const bar of this.element.querySelectorAll("[aria-pressed]")) {
        const choice = this.chosen.get(bar.dataset.key);
        bar.setAttribute("aria-pressed", String(choice !== undefined && choice.label === bar.choice));
      }
    }

    filter() {
      const tests = [];
      for (const [name, text] of this.typed) {
        const wanted = text.toLowerCase();
        if (name !== null) {
          const column = this.byName.get(name);
          const holding = column.holding(wanted);
          tests.push((row) => column.at[row] >= 0 && holding[column.at[row]]);
        } else {
          const holding = this.columns.map((column) => [column.at, column.holding(wanted)])
            .filter(([, flags]) => flags.includes(true));
          tests.push((row) => holding.some(([at, flags]) => at[row] >= 0 && flags[at[row]]));
        }
      }
      for (const { keeps } of this.chosen.values()) tests.push(keeps);
      let found = Uint32Array.from({ length: this.rows }, (_, row) => row);
      if (tests.length > 0) found = found.filter((row) => tests.every((test) => test(row)));
      if (this.sorted) {
        const { column, down } = this.sorted;
        const sign = down ? -1 : 1;
        found.sort((a, b) => sign * (column.rank(a) - column.rank(b)) || a - b);
      }
      this.found = found;
      this.count.textContent = found.length === this.rows
        ? `${grouped(this.rows)} ${this.rows === 1 ? "row" : "rows"}`
        : `${grouped(found.length)} of ${grouped(this.rows)} rows`;
      this.grid.scrollTop = 0;
      this.draw(true);
    }

    // Draws the rows in sight; the others are two gaps of their height.
    draw(anew = false) {
      const height = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) + 1;
      const top = Math.max(0, Math.floor(this.grid.scrollTop / height) - SPARE_ROWS);
      const end = Math.min(this.found.length, top + Math.ceil((this.grid.clientHeight || 600) / height) + 2 * SPARE_ROWS);
      if (!anew && this.drawn === top) return;
      this.drawn = top;
      this.drawRows(top, end, height);
    }

    drawRows(top, end, height) {
      const columns = this.shown();
      const rows = [];
      for (let place = top; place < end; place += 1) rows.push(this.row(place, columns));
      const gap = (count) => {
        const cell = make("td", { class: "gap", colspan: String(columns.length + 1) });
        cell.style.height = `${count * height}px`;
        return make("tr", { "aria-hidden": "true" }, cell);
      };
      if (top > 0) rows.unshift(gap(top));
      if (end < this.found.length && height > 0) rows.push(gap(this.found.length - end));
      if (this.found.length === 0) {
        rows.push(make("tr", {}, make("td", { colspan: String(columns.length + 1), text: "No row fits these filters." })));
      }
      this.table.setAttribute("aria-rowcount", String(this.found.length + 1));
      this.body.replaceChildren(...rows);
    }

    row(place, columns) {
      const row = this.found[place];
      const cells = columns.map((column) => {
        const text = column.text(row);
        const cell = make("td", { class: column.kind });
        if (text === null) cell.append(make("span", { "aria-label": "no value", text: "–" }));
        else {
          show(cell, text);
          if (text.length > 30) cell.title = visible(text);
        }
        return cell;
      });
      const open = make("button", { type: "button", class: "open", text: "Details",
        "aria-label": `Details of row ${place + 1}`, onclick: () => this.open(place) });
      cells.unshift(make("td", { class: "do" }, open));
      return make("tr", { "aria-rowindex": String(place + 2), onclick: (event) => {
        if (!event.target.closest("button") && String(getSelection()) === "") this.open(place);
      } }, ...cells);
    }

    // Shows all of one row, and where the record behind it lies.
    open(place) {
      const row = this.found[place];
      const list = (columns) => make("dl", { class: "values" }, ...columns.flatMap((column) => {
        const text = column.text(row);
        const value = make("dd");
        if (text === null) value.textContent = "–";
        else show(value, text);
        if (column.meaning) value.append(make("small", { text: visible(column.meaning) }));
        return [make("dt", { text: visible(column.name) }), value];
      }));
      const main = this.all ? [] : this.shown();
      const custody = this.columns.filter((column) => this.custody.includes(column.name) && !main.includes(column));
      const others = this.columns.filter((column) => !main.includes(column) && !custody.includes(column));
      const dialog = make("dialog", { "aria-labelledby": "details-title" });
      const step = (by) => make("button", { type: "button", text: by < 0 ? "Previous row" : "Next row",
        disabled: this.found[place + by] === undefined, onclick: () => { dialog.close(); this.open(place + by); } });
      dialog.append(make("div", { class: "dialog-head" },
        make("h2", { id: "details-title", text: `Row ${grouped(place + 1)} of ${grouped(this.found.length)}` }),
        make("div", { class: "tools" }, step(-1), step(1),
          make("button", { type: "button", text: "Copy as JSON", onclick: (event) => copied(event.target, this.json(row)) }),
          make("button", { type: "button", text: "Close", autofocus: true, onclick: () => dialog.close() }))));
      if (main.length > 0) dialog.append(list(main));
      if (custody.length > 0) dialog.append(make("h3", { text: "Where the record lies" }), list(custody));
      this.drawRecords(dialog, row);
      if (others.length > 0) dialog.append(make("h3", { text: "Everything else that is known" }), list(others));
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
    }

    // Shows the records behind a row as they were logged, where the page has them.
    drawRecords(dialog, row) {
      const ids = new Set(this.ids.map((name) => this.byName.get(name)?.text(row)).filter((id) => id != null));
      for (const id of ids) {
        const records = Object.hasOwn(data.records, id) ? data.records[id] : [];
        for (const record of records) {
          const text = make("pre", { tabindex: "0" });
          show(text, indented(record.text), "\n");
          dialog.append(make("h3", { text: "The record as it was logged" }),
            make("p", { class: "note", text: visible(`${record.input}, ${record.place}, SHA-256 of the input ${record.sha256}`) }), text);
        }
        if (records.length === 0) {
          dialog.append(make("p", { class: "note", text: `Record ${visible(id)} is not in this page; it lies in the input.` }));
        }
      }
    }

    json(row) {
      const value = (column) => {
        const text = column.text(row);
        if (text === null || column.kind === "text" || column.kind === "time") return text;
        const parsed = JSON.parse(text);
        return typeof parsed === "number" && String(parsed) !== text ? text : parsed;
      };
      return JSON.stringify(Object.fromEntries(this.columns.map((column) => [column.name, value(column)])), null, 2);
    }

    csv() {
      const lines = [this.columns.map((column) => cell(guarded(column.name)))];
      for (const row of this.found) {
        lines.push(this.columns.map((column) => {
          const text = column.text(row) ?? "";
          return cell(column.kind === "text" ? guarded(text) : text);
        }));
      }
      // A line of nothing would be no row.
      return lines.map((cells) => `${cells.length === 1 && cells[0] === "" ? "\"\"" : cells.join(",")}\r\n`).join("");
    }

    copy() {
      copied(this.copyButton, this.csv());
    }

    download() {
      const url = URL.createObjectURL(new Blob([this.csv()], { type: "text/csv;charset=utf-8" }));
      const name = this.name.replace(/[^A-Za-z0-9._-]+/g, "-") || "rows";
      make("a", { href: url, download: `${name}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }

    connectCharts() {
      const person = this.byName.get(this.person);
      const columns = { person, attempt: person, contact: this.byName.get(this.contact) };
      const choices = { person: this.people, attempt: this.attempts, contact: this.contacts };
      const outcome = this.byName.get(this.outcome);
      const inVain = (row) => !outcome || this.in_vain.includes(outcome.text(row));
      for (const bar of this.element.querySelectorAll(".bar")) {
        const { role, place } = bar.dataset;
        const column = columns[role];
        const name = choices[role][Number(place)];
        bar.dataset.key = role;
        const tried = role === "attempt";
        bar.choice = `${column.name} is ${name === null ? "not told" : name}${tried && outcome ? ", tried in vain" : ""}`;
        bar.setAttribute("aria-pressed", "false");
        bar.addEventListener("click", () => this.choose(role, bar.choice,
          (row) => column.text(row) === name && (!tried || inVain(row))));
      }
      const time = this.byName.get(this.time);
      for (const bar of this.element.querySelectorAll(".time-bar")) {
        const { first, last } = bar.dataset;
        bar.dataset.key = "time";
        bar.choice = first === last ? `day is ${first}` : `day is ${first} to ${last}`;
        bar.setAttribute("role", "button");
        bar.setAttribute("tabindex", "0");
        bar.setAttribute("aria-pressed", "false");
        const choose = () => this.choose("time", bar.choice, (row) => {
          const day = (time.text(row) || "").slice(0, 10);
          return first <= day && day <= last;
        });
        bar.addEventListener("click", choose);
        bar.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          choose();
        });
      }
    }

    // Draws all rows for paper, as far as that is of use.
    beforePrint() {
      if (this.rows === 0) return;
      const end = Math.min(this.found.length, PRINTED_ROWS);
      this.drawRows(0, end, 0);
      if (end < this.found.length) {
        this.body.append(make("tr", {}, make("td", { colspan: "99",
          text: `${grouped(this.found.length - end)} more rows are not printed; the CSV has them.` })));
      }
    }

    afterPrint() {
      if (this.rows > 0) this.draw(true);
    }
  }

  // Keeps a spreadsheet from running a text as a formula, as the CSV form does.
  function guarded(text) {
    return text !== "" && data.formula_starts.includes(text[0]) ? `'${text}` : text;
  }

  function cell(text) {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
  }

  // Sets each member of a record on a line of its own and changes nothing else:
  // numbers keep their digits, texts their escapes, names their order.
  function indented(json) {
    const lines = [];
    let line = "";
    let depth = 0;
    const next = (by) => {
      if (line.trim() !== "") lines.push(line);
      depth += by;
      line = "  ".repeat(Math.max(0, depth));
    };
    for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^"{}[\],:\s]+/gs)) {
      if (token === "{" || token === "[") {
        line += token;
        next(1);
      } else if (token === "}" || token === "]") {
        next(-1);
        line += token;
      } else if (token === ",") {
        line += token;
        next(0);
      } else {
        line += token === ":" ? ": " : token;
      }
    }
    next(0);
    return lines.join("\n");
  }

  async function copied(button, text) {
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    let done = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { readonly: true });
      area.value = text;
      button.after(area);
      area.select();
      if (!document.execCommand("copy")) done = "Copying was refused";
      area.remove();
    }
    button.textContent = done;
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  const reports = data.reports.map((report, place) => new Report(report, document.getElementById(`report-${place}`)));
  window.addEventListener("beforeprint", () => reports.forEach((report) => report.beforePrint()));
  window.addEventListener("afterprint", () => reports.forEach((report) => report.afterPrint()));
})();
