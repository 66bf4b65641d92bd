// Adds what Swagger UI lacks for people who use a keyboard or a screen reader.

// summary returns the summary of the operation that an element belongs to.
const summary = (element) => element.closest(".opblock").querySelector(".opblock-summary-description").textContent;

const missing = [
  [".dialog-ux", "role", "dialog"],
  [".dialog-ux", "aria-label", "Available authorizations"],
  [".close-modal", "aria-label", "Close"],
  [`[aria-label="Apply given OAuth2 credentials"]`, "aria-label", "Authorize with these credentials"],
  [`[aria-label="Remove authorization"]`, "aria-label", "Logout: forget the token"],
  ["#servers", "aria-label", "Server"],
  ["select.examples-select-element", "aria-label", "Example"],
  [".copy-to-clipboard > button", "aria-label", "Copy"],
  ["tr[data-param-name] select", "aria-label", (select) => select.closest("tr").dataset.paramName],
  [".request-snippets", "aria-label", (section) => `Code of the request: ${summary(section)}`],
  [".responses-table[role=region]", "aria-label", (table) => `Responses: ${summary(table)}`],
  ["pre.microlight", "tabindex", "0"], // scrolls
  [".info table", "tabindex", "0"], // scrolls in narrow windows
];

// addMissingAttributes adds the attributes to every element that appears below the
// root.
export function addMissingAttributes(root) {
  const add = () => {
    for (const [selector, attribute, value] of missing) {
      for (const element of root.querySelectorAll(selector)) {
        element.setAttribute(attribute, typeof value === "function" ? value(element) : value);
      }
    }
  };
  new MutationObserver(add).observe(root, { childList: true, subtree: true });
}

// closeDialogWithEscape closes the dialog for credentials, if it is open.
export function closeDialogWithEscape(root) {
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") {
      root.querySelector(".close-modal")?.click();
    }
  });
}
