// Shows the document in the main element of the page, whose attribute
// data-sandbox says whether a sandbox is attached.

import { addMissingAttributes, closeDialogWithEscape } from "./accessibility.js";
import { encodedCredentials } from "./credentials.js";
import { reachable, withNotes } from "./document.js";
import { requestSnippets } from "./panel.js";

const main = document.querySelector("main");
const hasSandbox = "sandbox" in main.dataset;

const response = await fetch(hasSandbox ? "sandbox.json" : "openapi.json");
const contract = withNotes(await response.json());

addMissingAttributes(main);
closeDialogWithEscape(main);
SwaggerUIBundle({
  domNode: main,
  spec: hasSandbox ? reachable(contract, new URL(".", location.href)) : contract,
  validatorUrl: "none",
  docExpansion: "full",
  displayRequestDuration: true,
  showCommonExtensions: true, // shows the limits of parameters
  requestSnippetsEnabled: true,
  syntaxHighlight: { theme: "nord" },
  tryItOutEnabled: hasSandbox,
  // Otherwise browsers open a login dialog of their own when a secret is refused.
  requestInterceptor: (request) => ({ ...request, credentials: "omit" }),
  supportedSubmitMethods: hasSandbox ? undefined : [],
  plugins: [requestSnippets, hasSandbox ? encodedCredentials : nothingToAuthorize],
});

// nothingToAuthorize removes the buttons that ask for credentials.
function nothingToAuthorize() {
  const nothing = () => () => null;
  return { wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } };
}
