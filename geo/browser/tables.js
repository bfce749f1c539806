// A table of what the map says of a day: a Streamlit component (v2).
//
// Receives  data  {part: "heading", title, lead, heard, notices: [text]}, or
//                 {part: "table", name, query: parameters of the address, view: those of the map, language, text, caption, lead,
//                  columns: [[heading, whether numbers], ...], rows: [[text or [text, value], ...], ...]}
// Needs     source.js before it
// Owns      the order of the rows, which of them are shown, and the parameters of the address (written in place)
//
// Every text from data is set as textContent.
const PAGE = 50; // rows that are shown at first

const textOf = (cell) => (Array.isArray(cell) ? cell[0] : cell);
const valueOf = (cell) => (Array.isArray(cell) ? cell[1] : cell);

// As a reader types it: without accents and capitals.
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function filledIn(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function writeAddress(wanted) {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(wanted)) query.set(name, value);
  window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}${window.location.hash}`);
}

class Table {
  constructor(root, data) {
    this.root = root;
    this.build();
    this.update(data);
  }

  build() {
    this.input = element("input");
    this.input.type = "search";
    this.input.addEventListener("input", () => this.fill());
    this.label = element("span");
    this.count = element("p", "small");
    this.count.setAttribute("role", "status");
    this.link = element("a");
    this.link.target = "_self";
    const bar = filled("div", "bar", [filled("label", "", [this.label, this.input]), this.count, this.link]);
    this.wide = filled("div", "wide", []);
    this.wide.tabIndex = 0; // where it is broader than the screen, the arrow keys move it
    this.wide.setAttribute("role", "region");
    this.more = element("button", "more");
    this.more.addEventListener("click", () => {
      this.all = true;
      this.fill();
      this.body.rows[PAGE]?.querySelector("th").focus(); // on with the first row that was not there
    });
    this.root.replaceChildren(bar, this.wide, this.more);
  }

  update(data) {
    const other = this.data?.name !== data.name;
    this.data = data;
    if (other) {
      this.sorted = null;
      this.all = false;
      this.input.value = "";
    }
    const { text } = data;
    this.label.textContent = text.filter;
    this.link.textContent = text.map;
    this.link.href = `./?${new URLSearchParams(data.view)}`;
    this.wide.setAttribute("aria-label", data.caption);
    this.number = new Intl.NumberFormat(data.language);
    this.words = new Intl.Collator(data.language, { numeric: true, sensitivity: "base" });
    this.searched = data.rows.map((row) => folded(row.map(textOf).join("\n")));
    this.head();
    this.fill();
    writeAddress(data.query);
  }

  head() {
    const { caption, lead, columns, text } = this.data;
    this.heads = columns.map(([name, numbers], column) => {
      const button = element("button", "", name);
      button.title = filledIn(text.sort, { column: name });
      button.addEventListener("click", () => this.sort(column));
      const head = filled("th", numbers ? "number" : "", [button]);
      head.scope = "col";
      return head;
    });
    this.body = element("tbody");
    const named = element("caption", "", caption);
    named.append(element("small", "", lead));
    const table = filled("table", "", [named, filled("thead", "", [filled("tr", "", this.heads)]), this.body]);
    // On a phone rows are blocks, which would make it no table any more to a screen reader.
    table.setAttribute("role", "table");
    for (const part of table.querySelectorAll("thead, tbody")) part.setAttribute("role", "rowgroup");
    table.querySelector("tr").setAttribute("role", "row");
    for (const head of this.heads) head.setAttribute("role", "columnheader");
    this.wide.replaceChildren(table);
    this.mark();
  }

  sort(column) {
    const down = this.sorted?.column === column && !this.sorted.down;
    this.sorted = { column, down };
    this.mark();
    this.fill();
  }

  mark() {
    this.heads.forEach((head, column) => {
      if (this.sorted?.column === column) head.setAttribute("aria-sort", this.sorted.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  // Empty cells last, in either order.
  ordered(rows) {
    if (!this.sorted) return rows;
    const { column, down } = this.sorted;
    const value = (i) => valueOf(this.data.rows[i][column]);
    const numbers = this.data.columns[column][1];
    const compare = (a, b) => (numbers ? value(a) - value(b) : this.words.compare(value(a), value(b)));
    return [...rows].sort((a, b) => !value(a) - !value(b) || (down ? -1 : 1) * compare(a, b));
  }

  fill() {
    const { rows, columns, text } = this.data;
    const wanted = folded(this.input.value.trim()).split(/\s+/).filter(Boolean);
    const found = this.ordered(rows.map((_, i) => i).filter((i) => wanted.every((word) => this.searched[i].includes(word))));
    const shown = this.all ? found : found.slice(0, PAGE);
    this.body.replaceChildren(...shown.map((i) => this.row(rows[i], columns)));
    const counts = { shown: this.number.format(shown.length), all: this.number.format(found.length) };
    this.count.textContent = rows.length ? filledIn(text.found, { ...counts, all: this.number.format(rows.length) }) : text.none;
    this.more.hidden = shown.length === found.length;
    this.more.textContent = filledIn(text.more, counts);
  }

  row(cells, columns) {
    const made = filled("tr", "", cells.map((cell, column) => {
      const [name, numbers] = columns[column];
      const made = element(column ? "td" : "th", numbers ? "number" : "", textOf(cell));
      made.setAttribute("role", column ? "cell" : "rowheader");
      if (column) made.dataset.label = name;
      else {
        made.scope = "row";
        made.tabIndex = -1;
      }
      return made;
    }));
    made.setAttribute("role", "row");
    return made;
  }
}

export default function mount({ data, parentElement }) {
  const root = parentElement.querySelector(".tables");
  if (data.part === "heading") {
    root.replaceChildren(
      element("h1", "", data.title),
      element("p", "lead", `${data.lead} ${data.heard}`),
      ...data.notices.map((notice) => element("p", "notice", notice)),
    );
    return;
  }
  if (root.table) root.table.update(data);
  else root.table = new Table(root, data);
}
