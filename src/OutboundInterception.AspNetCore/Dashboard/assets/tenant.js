import * as api from "./api.js";
import { bytes, element, facts, milliseconds } from "./format.js";

/** One tenant: what it may and does use, what it may reach, and the switch. */
export class TenantDialog {
  constructor(dialog, body, title) {
    Object.assign(this, { dialog, body, title, mayKill: false });
  }

  async open(name) {
    this.title.textContent = `Tenant ${name}`;
    this.body.replaceChildren(element("p", { class: "note loading" }, "Loading…"));
    if (!this.dialog.open) {
      this.dialog.showModal();
    }

    await this.#load(() => api.get(`tenants/${encodeURIComponent(name)}`));
  }

  async #load(ask) {
    try {
      this.#draw(await ask());
    } catch (error) {
      this.body.querySelector(".note.loading")?.remove();
      this.body.prepend(element("p", { class: "error", role: "alert" }, error.message));
    }
  }

  #draw(tenant) {
    const usage = tenant.usage;
    this.body.replaceChildren(
      element("p", {}, tenant.exists ? "" : "There is no tenant of that name now.", tenant.isKilled ? element("strong", { class: "d-blocked" }, "Switched off: nothing of it goes out.") : ""),
      this.#switch(tenant),
      element("h3", {}, "Used since the period began"),
      facts([
        ["Subrequests", usage.subrequests], ["Blocked", usage.blocked], ["Failed", usage.failed], ["Retries", usage.retries],
        ["Bytes out", bytes(usage.requestBytes)], ["Bytes in", bytes(usage.responseBytes)],
      ]),
      element("h3", {}, tenant.dispatches.length ? `Limits, and the most that is used of each (${tenant.dispatches.length} running)` : "Limits (nothing is running)"),
      table(["Limit", "Used", "Of"], tenant.limits.map(limit => [limit.name, limit.used == null ? "–" : meter(limit), amount(limit.limit, limit.unit)])),
      element("h3", {}, `Policy: version ${tenant.policyVersion}, mode ${tenant.mode}`),
      tenant.rules.length
        ? table(["Rule", "Does", "Of", "To"], tenant.rules.map(rule => [rule.id, rule.isDeny ? "deny" : "allow", rule.isTenants ? "tenant" : "namespace", rule.conditions]))
        : element("p", { class: "empty" }, "No rules: everything public is allowed."),
      ...(tenant.circuits?.length ? [element("h3", {}, "Circuit breakers"), table(["Authority", "Circuit", "On their way"], tenant.circuits.map(circuit => [circuit.authority, circuit.state, circuit.waiting]))] : []),
      ...(tenant.versions?.length ? [element("h3", {}, "Versions deployed"), table(["Version", "Share", "Deployed", "SHA-256"], tenant.versions.map(version => [version.number, version.percent + " %", new Date(version.deployed).toLocaleString(), version.sha256]))] : []));
  }

  #switch(tenant) {
    if (!this.mayKill) {
      return element("p", { class: "note" }, "The kill switch is not available to you here.");
    }

    const button = element("button", { type: "button", class: tenant.isKilled ? null : "danger" }, tenant.isKilled ? "Switch on again" : "Switch off…");
    button.addEventListener("click", async () => {
      if (!tenant.isKilled && button.dataset.sure == null) {
        button.dataset.sure = "";
        button.textContent = "Yes, cut everything off now";
        return;
      }

      button.disabled = true;
      await this.#load(() => api.post(`tenants/${encodeURIComponent(tenant.name)}/${tenant.isKilled ? "revive" : "kill"}`));
    });
    return element("p", { class: "actions" }, button);
  }
}

const amount = (value, unit) => value < 0 ? "no limit" : unit === "bytes" ? bytes(value) : unit === "s" ? milliseconds(value * 1000) : `${value} ${unit}`;

const meter = limit => element("span", {},
  element("meter", { min: 0, max: limit.limit, value: limit.used, "aria-label": limit.name }), " ", limit.unit === "bytes" ? bytes(limit.used) : limit.used);

export const table = (heads, rows) => element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": heads.join(", ") }, element("table", {},
  element("thead", {}, element("tr", {}, ...heads.map(head => element("th", { scope: "col" }, head)))),
  element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map(value => element("td", {}, value)))))));
