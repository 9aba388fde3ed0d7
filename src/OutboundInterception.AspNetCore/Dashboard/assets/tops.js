import { element, visible } from "./format.js";

/** A list of those that had most, each with the course of the time shown. */
export const drawTop = (list, shares, choose) => {
  if (shares.length === 0) {
    list.replaceChildren(element("li", { class: "empty" }, "Nothing in this time."));
    return;
  }

  list.replaceChildren(...shares.map(share => {
    const name = element("button", { class: "name", type: "button", title: visible(share.name) }, share.name);
    name.addEventListener("click", () => choose(share.name));
    const blocked = share.blocked ? `, ${share.blocked} blocked` : "";
    return element("li", {}, name, sparkline(share.slots), element("span", { class: "count" }, `${share.count}${blocked}`));
  }));
};

const sparkline = slots => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const width = Math.max(1, slots.length - 1);
  const most = Math.max(1, ...slots);
  svg.setAttribute("viewBox", `0 0 ${width} 10`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("vector-effect", "non-scaling-stroke");
  line.setAttribute("points", slots.map((count, index) => `${index},${9.5 - 9 * count / most}`).join(" "));
  svg.append(line);
  return svg;
};
