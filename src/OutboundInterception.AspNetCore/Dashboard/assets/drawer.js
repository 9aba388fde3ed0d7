import * as api from "./api.js";
import { bytes, element, facts, milliseconds, time, url, visible } from "./format.js";

const phases = [["queue", "queue"], ["worker", "policy and workers"], ["connect", "connect"], ["headers", "waiting for headers"], ["body", "body"]];

/** One dispatch: all its subrequests over time, and one of them in full. */
export class Drawer {
  constructor(dialog, body, title) {
    Object.assign(this, { dialog, body, title });
  }

  async open(record) {
    this.title.textContent = `Dispatch ${record.dispatch}`;
    this.body.replaceChildren(element("p", { class: "note" }, "Loading…"));
    if (!this.dialog.open) {
      this.dialog.showModal();
    }

    try {
      const { records } = await api.get(`dispatches/${encodeURIComponent(record.dispatch)}`);
      this.#draw(records.length ? records : [record], record);
    } catch (error) {
      this.#draw([record], record);
      this.body.prepend(element("p", { class: "error", role: "alert" }, `${error.message} This is the one subrequest alone.`));
    }
  }

  #draw(records, chosen) {
    const begin = Math.min(...records.map(record => Date.parse(record.time)));
    const end = Math.max(begin + 1, ...records.map(record => Date.parse(record.time) + record.durationMs));
    const place = ms => `${100 * ms / (end - begin)}%`;
    const detail = element("div");
    const list = element("ul", { class: "waterfall" }, ...records.map(record => {
      const bar = element("span", { class: "bar", "aria-hidden": "true" });
      let at = Date.parse(record.time) - begin;
      for (const [name, length] of spans(record)) {
        const part = element("i", { class: "p-" + name });
        part.style.left = place(at);
        part.style.width = place(length);
        bar.append(part);
        at += length;
      }

      const hop = record.hop ? `↳ hop ${record.hop} ` : "";
      const retries = record.retries ? ` (${record.retries} ${record.retries === 1 ? "retry" : "retries"})` : "";
      const button = element("button", { type: "button" },
        element("span", { class: "label", title: visible(`${record.method} ${url(record)}`) }, `${hop}${record.method} ${record.host}${record.path}`),
        element("span", { class: "d-" + (record.wouldBlock ? "would" : record.decision) }, `${record.status ?? record.decision}${retries}`),
        bar,
        element("span", { class: "count" }, milliseconds(record.durationMs)));
      const show = () => {
        list.querySelectorAll("button").forEach(other => other.removeAttribute("aria-current"));
        button.setAttribute("aria-current", "true");
        detail.replaceChildren(...describe(record));
      };
      button.addEventListener("click", show);
      if (same(record, chosen)) {
        queueMicrotask(show);
      }

      return element("li", {}, button);
    }));
    this.body.replaceChildren(
      element("p", {}, `Tenant ${chosen.tenant}: ${records.length} ${records.length === 1 ? "subrequest that is" : "subrequests that are"} kept, over ${milliseconds(end - begin)}.`),
      element("p", { class: "legend", "aria-hidden": "true" }, ...phases.map(([name, text]) => element("span", {}, element("i", { class: "p-" + name }), text))),
      list,
      element("p", {}, element("a", { href: api.address("har", { dispatch: chosen.dispatch }), download: "dispatch.har" }, "Save the dispatch as HAR")),
      detail);
  }
}

const same = (left, right) => left.time === right.time && left.number === right.number && left.hop === right.hop;

const spans = record => record.queueMs == null
  ? [["headers", record.durationMs]]
  : phases.map(([name]) => [name, record[name + "Ms"]]).filter(([, length]) => length > 0);

function describe(record) {
  const command = curl(record);
  const copy = element("button", { type: "button" }, "Copy as curl");
  const copied = element("span", { role: "status", class: "note" });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(command);
      copied.textContent = "Copied.";
    } catch {
      copied.textContent = "The browser did not allow it; the line is below.";
    }
  });
  return [
    element("h3", {}, `${record.method} ${url(record)}`),
    facts([
      ["At", time(record.time)],
      ["Decision", record.wouldBlock ? `${record.decision}; would have been blocked (report mode)` : record.decision],
      ["Rule", record.rule],
      ["Why", record.reason],
      ["Mode", record.mode],
      ["Outbound worker", record.worker],
      ["Status", record.status],
      ["Failure", record.failure && `${record.failure}${record.exception ? ` (${record.exception})` : ""}`],
      ["Hop", record.hop],
      ["Retries", record.retries],
      ["Address", record.address],
      ["Protocol", record.protocol && "HTTP/" + record.protocol],
      ["Bytes", `${bytes(record.requestBytes)} out, ${bytes(record.responseBytes)} in`],
      ["Time", spans(record).map(([name, length]) => `${name} ${milliseconds(length)}`).join(", ")],
      ["Trace", record.traceId],
    ]),
    headers("Request headers", record.requestHeaders),
    headers("Response headers", record.responseHeaders),
    element("p", { class: "actions" }, copy, copied),
    element("p", {}, element("code", {}, command)),
  ];
}

const headers = (title, all) => !all?.length ? element("span") : element("details", {},
  element("summary", {}, `${title} (${all.length})`),
  facts(all.map(header => [header.name, header.value ?? "(not recorded)"])));

// For a shell: in single quotes nothing is special but they themselves. What is not recorded is left out.
const quote = text => `'${text.replace(/[\u0000-\u001f\u007f]/g, "").replaceAll("'", "'\\''")}'`;

// Without its own reading of brackets and braces, which templates of paths have.
const curl = record => ["curl", "--globoff", ...(record.method === "GET" ? [] : ["-X", quote(record.method)]), quote(url(record)),
  ...(record.requestHeaders ?? []).filter(header => header.value != null).map(header => `-H ${quote(`${header.name}: ${header.value}`)}`)].join(" ");
