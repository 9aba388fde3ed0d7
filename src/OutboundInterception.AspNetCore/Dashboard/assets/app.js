import * as api from "./api.js";
import { Drawer } from "./drawer.js";
import { Feed } from "./feed.js";
import { bytes, element, milliseconds } from "./format.js";
import { Plots } from "./plots.js";
import { Table } from "./table.js";
import { TenantDialog } from "./tenant.js";
import { drawTop } from "./tops.js";
import { tryPolicy } from "./whatif.js";

const $ = id => document.getElementById(id);
const form = $("filters");
const drawer = new Drawer($("drawer"), $("drawer-body"), $("drawer-title"));
const tenants = new TenantDialog($("tenant-dialog"), $("tenant-body"), $("tenant-title"));
const table = new Table($("rows"), record => drawer.open(record));
const plots = new Plots($("plots"));
let waiting = null; // What came while the table is paused.
let skipped = 0;

const feed = new Feed({
  reset: records => {
    waiting = waiting && [];
    skipped = 0;
    table.reset(records);
    describe();
  },
  records: (records, missed) => {
    skipped += missed;
    if (waiting) {
      waiting = waiting.concat(records).slice(-10000);
    } else {
      table.add(records);
    }

    describe();
  },
  state: (text, lost) => {
    connection = { text, lost };
    say();
  },
});

let connection = { text: "Connecting…", lost: false }; // Of the feed.
let trouble = null; // Of the figures, which are asked for on their own.

function say() {
  $("connection").textContent = connection.lost || !trouble ? connection.text : trouble;
  $("connection").classList.toggle("lost", connection.lost || trouble !== null);
}

function describe() {
  const missed = skipped ? ` ${skipped} more came too fast to show.` : "";
  const held = waiting ? ` Paused, ${waiting.length} new.` : "";
  const empty = Object.values(filters()).some(value => value) ? "No subrequest matches the filters." : "No subrequests yet. They appear here as they happen.";
  $("table-state").textContent = table.count ? `${table.count} rows.${held}${missed}` : `${empty}${held}`;
  $("rows").dataset.empty = empty;
}

const filters = () => Object.fromEntries(new FormData(form));

// The address says what is shown, so that it can be sent to somebody.
function remember() {
  const state = new URLSearchParams(Object.entries({ namespace: $("namespace").value, minutes: minutes(), ...filters() }).filter(([, value]) => value));
  history.replaceState(null, "", "?" + state);
  $("har").href = api.address("har", filters());
}

const minutes = () => document.querySelector("#minutes input:checked").value;

function show() {
  remember();
  feed.open(filters());
}

let pending;
form.addEventListener("input", () => {
  clearTimeout(pending);
  pending = setTimeout(show, 150);
});
form.addEventListener("submit", event => event.preventDefault());

$("pause").addEventListener("click", () => {
  const paused = waiting === null;
  if (!paused) {
    table.add(waiting);
  }

  waiting = paused ? [] : null;
  $("pause").setAttribute("aria-pressed", paused);
  $("pause").textContent = paused ? "Resume" : "Pause";
  describe();
});

$("clear").addEventListener("click", () => {
  table.reset([]);
  skipped = 0;
  describe();
});

function filterBy(name, value) {
  form.elements[name].value = value;
  show();
}

async function summarize() {
  try {
    const summary = await api.get("summary", { minutes: minutes() });
    const [shown] = (await api.namespaces()).filter(one => one.name === $("namespace").value);
    plots.draw(summary);
    drawTop($("top-tenants"), summary.tenants, name => tenants.open(name));
    drawTop($("top-hosts"), summary.hosts, name => filterBy("host", name));
    const { total } = summary;
    const counters = [
      ["Subrequests", total.count], ["per second", total.perSecond], ["Blocked", total.count ? `${(100 * total.blocked / total.count).toFixed(1)} %` : "0 %"], ["Failed", total.failed],
      ["p50", milliseconds(total.p50)], ["p95", milliseconds(total.p95)], ["p99", milliseconds(total.p99)],
      ["Bytes out", bytes(total.requestBytes)], ["Bytes in", bytes(total.responseBytes)], ["Active dispatches", shown?.activeDispatches ?? "–"], ["Tenants", shown?.tenants ?? "–"],
    ];
    $("counters").replaceChildren(...counters.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
    trouble = null;
  } catch (error) {
    trouble = error.message;
  }

  say();
}

async function begin() {
  api.select($("namespace").value);
  show();
  summarize();
  const names = await api.get("tenants");
  $("tenant-names").replaceChildren(...names.map(name => element("option", { value: name })));
}

$("namespace").addEventListener("change", begin);
$("minutes").addEventListener("change", () => {
  remember();
  summarize();
});
$("tenant-form").addEventListener("submit", event => {
  event.preventDefault();
  const name = event.target.elements.tenant.value.trim();
  if (name) {
    tenants.open(name);
  }
});
$("whatif").addEventListener("submit", event => {
  event.preventDefault();
  tryPolicy($("policy").value, $("whatif-result"));
});
$("report-hits").addEventListener("click", () => {
  filterBy("decision", "report");
  $("live").scrollIntoView();
  $("rows").focus();
});

const theme = () => document.documentElement.dataset.theme;
const nameTheme = () => { $("theme").textContent = theme() === "dark" ? "Light" : "Dark"; };
$("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
  localStorage.setItem("outbound-theme", theme());
  nameTheme();
  plots.recolour();
});

async function start() {
  nameTheme();
  const state = new URLSearchParams(location.search);
  for (const input of form.elements) {
    if (input.name && state.has(input.name)) {
      input.value = state.get(input.name);
    }
  }

  const chosen = document.querySelector(`#minutes input[value="${CSS.escape(state.get("minutes") ?? "1")}"]`);
  if (chosen) {
    chosen.checked = true;
  }

  try {
    const all = await api.namespaces();
    $("namespace").replaceChildren(...all.map(one => element("option", { value: one.name }, one.label)));
    if (all.some(one => one.name === state.get("namespace"))) {
      $("namespace").value = state.get("namespace");
    }

    tenants.mayKill = all.some(one => one.killSwitch);
    await begin();
    setInterval(() => document.hidden || summarize(), 2000);
  } catch (error) {
    connection = { text: `${error.message} Trying again…`, lost: true };
    say();
    setTimeout(start, 3000);
  }
}

start();
