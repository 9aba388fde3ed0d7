// The one place that talks to the server.
let current = "";

export const select = namespace => { current = namespace; };

export const address = (path, query) => {
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== "" && value != null));
  return `api/namespaces/${encodeURIComponent(current)}/${path}${search.size ? "?" + search : ""}`;
};

const read = async response => {
  if (!response.ok) {
    throw new Error(response.status === 403 ? "You may not do that." : `The server answered ${response.status}.`);
  }

  return response.json();
};

export const namespaces = () => fetch("api/namespaces").then(read);

export const get = (path, query) => fetch(address(path, query)).then(read);

export const post = (path, body) => fetch(address(path), {
  method: "POST",
  headers: { "X-Outbound-Antiforgery": token() },
  body: body ?? "",
}).then(read);

const token = () => decodeURIComponent(document.cookie.split("; ").find(part => part.startsWith("outbound-dashboard-token="))?.split("=").slice(1).join("=") ?? "");
