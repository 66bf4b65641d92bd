// Shows the document in the main part of the page. The page says whether a
// sandbox is attached to try calls against.

import { addMissingAttributes, closeDialogWithEscape } from "./accessibility.js";
import { encodedCredentials } from "./credentials.js";
import { atThisAddress, withNotes, withoutOptionalValues } from "./document.js";
import { requestSnippets } from "./panel.js";

const main = document.querySelector("main");
const hasSandbox = "sandbox" in main.dataset;

const response = await fetch("openapi.json");
const contract = withNotes(withoutOptionalValues(await response.json()));

addMissingAttributes(main);
closeDialogWithEscape(main);
SwaggerUIBundle({
  domNode: main,
  spec: hasSandbox ? atThisAddress(contract, new URL(".", location.href)) : contract,
  validatorUrl: "none",
  docExpansion: "full",
  displayRequestDuration: true,
  showCommonExtensions: true, // the limits of parameters
  requestSnippetsEnabled: true,
  syntaxHighlight: { theme: "nord" },
  tryItOutEnabled: hasSandbox,
  // Otherwise browsers answer a refused secret with a dialog of their own.
  requestInterceptor: (request) => ({ ...request, credentials: "omit" }),
  supportedSubmitMethods: hasSandbox ? undefined : [],
  plugins: [requestSnippets, hasSandbox ? encodedCredentials : nothingToAuthorize],
});

// nothingToAuthorize takes the buttons away that ask for credentials.
function nothingToAuthorize() {
  const nothing = () => () => null;
  return { wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } };
}
