// Changes to the document, made in memory for this page only.

// reachable makes a sandbox that has a different URL (serve --url) reachable from
// a page that was opened at another address of it, which only the browser knows.
export function reachable(contract, address) {
  const [server] = contract.servers;
  const there = server.url;
  server.url = address.href.replace(/\/$/, "");
  for (const scheme of Object.values(contract.components.securitySchemes)) {
    for (const flow of Object.values(scheme.flows ?? {})) {
      flow.tokenUrl = flow.tokenUrl.replace(there, server.url);
    }
  }
  return contract;
}

// withNotes appends the x-documentation-notes to the descriptions, where readers
// of the page see them.
export function withNotes(part) {
  if (typeof part !== "object" || part === null) return part;
  const { "x-documentation-notes": notes } = part;
  if (notes) {
    const lines = notes.map((note) => `- *Note:* ${note}`);
    part.description = [part.description ?? "", ...lines].join("\n\n");
  }
  Object.values(part).forEach(withNotes);
  return part;
}
