import { element, shorten, time, url, visible } from "./format.js";

const rowHeight = 26;
const most = 10000;

/** The live table: as many rows as are in sight, however many there are. The newest is the first. */
export class Table {
  #rows = [];
  #current = 0;
  #drawn = false;

  constructor(body, open) {
    this.body = body;
    this.open = open;
    this.spacer = element("div", { class: "spacer", "aria-hidden": "true" });
    body.append(this.spacer);
    body.addEventListener("scroll", () => this.#draw());
    body.addEventListener("keydown", event => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(body);
  }

  get count() {
    return this.#rows.length;
  }

  reset(records) {
    this.#rows = records.toReversed().slice(0, most);
    this.#current = 0;
    this.body.scrollTop = 0;
    this.#draw();
  }

  add(records) {
    // Who reads further down keeps reading the same rows.
    const reading = this.body.scrollTop > rowHeight;
    this.#rows = records.toReversed().concat(this.#rows).slice(0, most);
    this.#current = Math.min(this.#current + (this.#current || reading ? records.length : 0), Math.max(0, this.#rows.length - 1));
    this.#resize();
    if (reading) {
      this.body.scrollTop += records.length * rowHeight;
    }

    this.#draw();
  }

  #resize() {
    this.spacer.style.height = `${this.#rows.length * rowHeight}px`;
  }

  #draw() {
    if (this.#drawn) {
      return;
    }

    this.#drawn = true;
    requestAnimationFrame(() => {
      this.#drawn = false;
      this.#resize();
      const first = Math.max(0, Math.floor(this.body.scrollTop / rowHeight) - 4);
      const last = Math.min(this.#rows.length, first + Math.ceil(this.body.clientHeight / rowHeight) + 8);
      const drawn = [];
      for (let index = first; index < last; index++) {
        drawn.push(this.#row(index));
      }

      this.body.replaceChildren(this.spacer, ...drawn);
      this.body.parentElement.setAttribute("aria-rowcount", this.#rows.length + 1);
    });
  }

  #row(index) {
    const record = this.#rows[index];
    const decision = record.wouldBlock ? "would block" : record.decision;
    const row = element("div", { role: "row", class: "row" + (index === this.#current ? " current" : ""), "aria-rowindex": index + 2, id: `row-${index}` },
      cell("time", time(record.time)),
      cell("tenant", record.tenant),
      cell("method", record.method),
      cell("url", shorten(url(record), 400)),
      cell("decision d-" + (record.wouldBlock ? "would" : record.decision), decision),
      cell("status", record.status ?? "–"),
      cell("ms", record.durationMs.toFixed(record.durationMs < 10 ? 2 : 0)),
      cell("rule", record.rule ?? record.failure ?? ""));
    row.style.transform = `translateY(${index * rowHeight}px)`;
    row.addEventListener("click", () => {
      this.#current = index;
      this.#draw();
      this.open(record);
    });
    return row;
  }

  #key(event) {
    const page = Math.floor(this.body.clientHeight / rowHeight) - 1;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.#rows.length, End: this.#rows.length }[event.key];
    if (step) {
      event.preventDefault();
      this.#current = Math.min(Math.max(0, this.#current + step), Math.max(0, this.#rows.length - 1));
      const top = this.#current * rowHeight;
      if (top < this.body.scrollTop) {
        this.body.scrollTop = top;
      } else if (top + rowHeight > this.body.scrollTop + this.body.clientHeight) {
        this.body.scrollTop = top + rowHeight - this.body.clientHeight;
      }

      this.body.setAttribute("aria-activedescendant", `row-${this.#current}`);
      this.#draw();
    } else if (event.key === "Enter" && this.#rows[this.#current]) {
      event.preventDefault();
      this.open(this.#rows[this.#current]);
    }
  }
}

const cell = (name, text) => {
  const made = element("span", { role: "cell", class: name });
  made.textContent = visible(text);
  return made;
};
