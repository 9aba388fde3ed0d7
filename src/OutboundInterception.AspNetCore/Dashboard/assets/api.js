// The one place that talks to the server.
let current = "";

export const select = namespace => { current = namespace; };

export const address = (path, query) => {
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== "" && value != null));
  return `api/namespaces/${encodeURIComponent(current)}/${path}${search.size ? "?" + search : ""}`;
};

const read = async response => {
  if (!response.ok) {
    throw new Error(response.status === 403 ? "You are not allowed to (403)." : `The server answered ${response.status}.`);
  }

  return response.json();
};

const ask = (url, options) => fetch(url, options).catch(() => { throw new Error("The server does not answer."); }).then(read);

export const namespaces = () => ask("api/namespaces");

export const get = (path, query) => ask(address(path, query));

export const post = (path, body) => ask(address(path), {
  method: "POST",
  headers: { "X-Outbound-Antiforgery": token() },
  body: body ?? "",
});

const token = () => decodeURIComponent(document.cookie.split("; ").find(part => part.startsWith("outbound-dashboard-token="))?.split("=").slice(1).join("=") ?? "");
