import * as api from "./api.js";
import { element, shorten } from "./format.js";
import { table } from "./tenant.js";

/** Tries a policy on the records that are kept. */
export const tryPolicy = async (text, result) => {
  result.replaceChildren(element("p", { class: "note" }, "Trying…"));
  try {
    const view = await api.post("dry-run", text);
    if (view.problems.length) {
      result.replaceChildren(element("p", { class: "error" }, "It would be refused:"), element("ul", {}, ...view.problems.map(problem => element("li", {}, problem))));
      return;
    }

    result.replaceChildren(
      element("p", {}, `${view.changed} of ${view.compared} subrequests would be treated differently.`),
      view.rows.length
        ? table(["Tenant", "Subrequest", "Times", "Now", "Then"], view.rows.map(row => [
          row.tenant, `${row.method} ${shorten(row.url, 200)}`, row.times, `${row.before} (${row.beforeRule})`, `${row.after} (${row.afterRule})`]))
        : element("p", { class: "empty" }, view.compared ? "Nothing would change." : "There are no records yet."));
  } catch (error) {
    result.replaceChildren(element("p", { class: "error" }, error.message));
  }
};
