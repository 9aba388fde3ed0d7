import * as api from "./api.js";

/** Loads the records that match, and follows those that come. */
export class Feed {
  #source;
  #epoch = 0;

  constructor(events) {
    this.events = events;
  }

  async open(filters) {
    const epoch = ++this.#epoch;
    this.#source?.close();
    try {
      const page = await api.get("records", { ...filters, limit: 2000 });
      if (epoch !== this.#epoch) {
        return;
      }

      this.events.reset(page.records);
      this.#follow(filters, page.next, epoch);
    } catch (error) {
      if (epoch === this.#epoch) {
        this.#lose(error.message, filters, epoch);
      }
    }
  }

  // Begins anew: what was shown may be of a server that is no more.
  #lose(text, filters, epoch) {
    this.events.state(`${text} Trying again…`, true);
    setTimeout(() => epoch === this.#epoch && this.open(filters), 2000);
  }

  #follow(filters, from, epoch) {
    const source = this.#source = new EventSource(api.address("feed", { ...filters, from }));
    source.onopen = () => this.events.state("Live", false);
    source.onerror = () => {
      source.close();
      if (epoch === this.#epoch) {
        this.#lose("The connection was lost.", filters, epoch);
      }
    };
    source.addEventListener("records", event => {
      const batch = JSON.parse(event.data);
      this.events.records(batch.records, batch.skipped);
    });
  }
}
