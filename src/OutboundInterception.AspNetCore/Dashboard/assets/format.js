// Text for people. Whatever comes from a tenant goes through textContent only, and control characters are made visible.
export const visible = text => String(text ?? "").replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "\ufffd");

export const shorten = (text, length) => text.length > length ? text.slice(0, length) + "…" : text;

export const time = iso => new Date(iso).toLocaleTimeString([], { hour12: false }) + "." + String(new Date(iso).getMilliseconds()).padStart(3, "0");

export const milliseconds = value => value == null ? "–" : value < 10 ? value.toFixed(2) + " ms" : value < 1000 ? value.toFixed(0) + " ms" : (value / 1000).toFixed(1) + " s";

export const bytes = value => {
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1024 || unit === "GiB") {
      return `${value < 10 && unit !== "B" ? value.toFixed(1) : Math.round(value)} ${unit}`;
    }

    value /= 1024;
  }
};

const standard = { http: 80, https: 443, ws: 80, wss: 443 };

export const url = record => {
  if (!record.scheme) {
    return "(no absolute URL)";
  }

  const host = record.host.includes(":") ? `[${record.host}]` : record.host;
  const port = record.port < 0 || standard[record.scheme] === record.port ? "" : ":" + record.port;
  return `${record.scheme}://${host}${port}${record.path}`;
};

/** Makes an element with text and classes; children may be elements or text. */
export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value != null) {
      made.setAttribute(key, value);
    }
  }

  made.append(...children.map(child => child instanceof Node ? child : visible(child)));
  return made;
};

export const facts = pairs => element("dl", { class: "facts" }, ...pairs
  .filter(([, value]) => value != null && value !== "")
  .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
