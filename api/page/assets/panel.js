// A plugin for Swagger UI that shows the code for a request in a language of the
// reader's choice. Swagger UI's own panel cannot be used with a keyboard and
// appears only after the request has been sent.

import * as snippets from "./snippets.js";

// The keys are the names of the functions and Swagger UI's names of the languages.
const languages = {
  bash: "Shell (curl)",
  javascript: "JavaScript",
  python: "Python",
  go: "Go",
};

export function requestSnippets() {
  let chosen = "bash"; // outlives the panel, which each request replaces

  function RequestSnippets({ React, getComponent, request }) {
    const [language, choose] = React.useState(chosen);
    const create = React.createElement;
    const onChange = ({ target }) => {
      chosen = target.value;
      choose(chosen);
    };
    return create(
      "section", // accessibility.js names it
      { className: "request-snippets" },
      create(
        "label",
        null,
        "Code in ",
        create(
          "select",
          { value: language, onChange },
          Object.entries(languages).map(([name, title]) => create("option", { key: name, value: name }, title)),
        ),
      ),
      create(getComponent("HighlightCode", true), { language, canCopy: true }, snippets[language](withoutToken(request.toJS()))),
    );
  }

  return { components: { RequestSnippets }, wrapComponents: { responses: withSnippets } };
}

// withSnippets adds the panel to the responses of an operation until a request has
// been sent. After that, Swagger UI shows the panel with the response.
function withSnippets(Responses, system) {
  const { createElement: create, Fragment } = system.React;
  return (props) => {
    const RequestSnippets = system.getComponent("RequestSnippets", true);
    const panel = props.tryItOutResponse ? null : create(
      "div",
      { className: "responses-inner" },
      create(RequestSnippets, { request: requestFor(props, system) }),
    );
    return create(Fragment, null, panel, create(Responses, props));
  };
}

// requestFor returns the request that the current values of the parameters make.
// On a page that cannot send it, these are examples: those of optional parameters
// are left out, because they would select a part of the list.
function requestFor({ path, method }, { Im, fn, getConfigs, specSelectors, oas3Selectors }) {
  const isUsed = (_, key) => getConfigs().tryItOutEnabled || key.startsWith("path.");
  const request = fn.buildRequest({
    spec: specSelectors.specJsonWithResolvedSubtrees().toJS(),
    pathName: path,
    method,
    operationId: specSelectors.specJson().getIn(["paths", path, method, "operationId"]),
    parameters: specSelectors.parameterValues([path, method]).filter(isUsed).toJS(),
    server: oas3Selectors.selectedServer(),
    responseContentType: "application/json",
  });
  return Im.fromJS(request);
}

// withoutToken leaves the token out of code that people copy and share.
function withoutToken({ headers, ...request }) {
  return { ...request, headers: { ...headers, Authorization: "Bearer ACCESS_TOKEN" } };
}
