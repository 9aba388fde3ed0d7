import { bytes, element, milliseconds } from "./format.js";

const share = point => point.count ? 100 * point.blocked / point.count : 0;
const percent = value => value.toFixed(1) + " %";

const clock = seconds => new Date(seconds * 1000).toLocaleTimeString([], { hour12: false, hour: "2-digit", minute: "2-digit", second: seconds % 60 ? "2-digit" : undefined });

// A line needs two points: fewer would not be seen.
const isSparse = (plot, series) => plot.data[series].filter(value => value != null).length < 3;

const kinds = [
  { title: "Subrequests/s", series: [["all", point => point.perSecond, "--accent"]], text: value => value.toFixed(value < 10 ? 1 : 0) },
  { title: "Blocked", series: [["blocked", share, "--blocked"]], text: percent },
  { title: "Latency", series: [["p50", point => point.p50, "--sent"], ["p95", point => point.p95, "--rejected"], ["p99", point => point.p99, "--failed"]], text: milliseconds },
  { title: "Bytes", series: [["out", point => point.requestBytes, "--rejected"], ["in", point => point.responseBytes, "--accent"]], text: bytes },
  { title: "Active dispatches", series: [["most at once", point => point.active, "--answered"]], text: value => String(Math.round(value)) },
];

/** The plots over time, made anew when the colours change. */
export class Plots {
  #plots = [];

  constructor(parent) {
    this.parent = parent;
    new ResizeObserver(() => this.#resize()).observe(parent);
  }

  recolour() {
    this.#plots = [];
    if (this.summary) {
      this.draw(this.summary);
    }
  }

  draw(summary) {
    this.summary = summary;
    if (this.#plots.length === 0) {
      this.parent.replaceChildren();
      this.#plots = kinds.map(kind => this.#make(kind));
    }

    kinds.forEach((kind, index) => {
      const values = kind.series.map(([, of]) => summary.series.map(of));
      this.#plots[index].plot.setData([summary.series.map(point => point.time), ...values]);

      // For those who do not see the line.
      const last = kind.series.map(([name, of]) => {
        const now = of(summary.total);
        return now == null ? null : `${kind.series.length > 1 ? name + " " : ""}${kind.text(now)}`;
      }).filter(text => text);
      this.#plots[index].value.textContent = last.join(", ") || "nothing yet";
    });
  }

  #make(kind) {
    const value = element("strong");
    const holder = element("div", { "aria-hidden": "true" });
    const figure = element("figure", {}, element("figcaption", {}, kind.title + ": ", value), holder);
    this.parent.append(figure);
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--dim"), grid: { stroke: colour("--line"), width: .5 }, ticks: { show: false }, font: "11px system-ui" };
    const plot = new uPlot({
      width: Math.max(120, holder.clientWidth),
      height: 120,
      legend: { show: false },
      cursor: { y: false },
      scales: { y: { range: (_, least, most) => [0, most > 0 ? most * 1.1 : 1] } },
      axes: [{ ...axis, size: 22, space: 60, values: (_, ticks) => ticks.map(clock) }, { ...axis, size: 52, space: 24, values: (_, ticks) => ticks.map(tick => kind.text(tick)) }],
      series: [{}, ...kind.series.map(([label, , stroke]) => ({ label, stroke: colour(stroke), width: 1.5, spanGaps: true, points: { size: 4, show: isSparse } }))],
    }, [[], ...kind.series.map(() => [])], holder);
    return { plot, value, holder };
  }

  #resize() {
    for (const { plot, holder } of this.#plots) {
      plot.setSize({ width: Math.max(120, holder.clientWidth), height: 120 });
    }
  }
}
