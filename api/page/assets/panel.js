// A plugin for Swagger UI: the code that sends a request, in a language to be
// chosen. The panel of Swagger UI's own cannot be used with a keyboard, and
// shows up only when the call has been made.

import * as snippets from "./snippets.js";

// The keys are the names of the functions, and Swagger UI's of the languages.
const languages = {
  bash: "Shell (curl)",
  javascript: "JavaScript",
  python: "Python",
  go: "Go",
};

export function requestSnippets() {
  let chosen = "bash"; // outlives the panel, of which each call makes a new one

  function RequestSnippets({ React, getComponent, request }) {
    const [language, choose] = React.useState(chosen);
    const create = React.createElement;
    const onChange = ({ target }) => {
      chosen = target.value;
      choose(chosen);
    };
    return create(
      "section",
      { className: "request-snippets", "aria-label": "Code of the request" },
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

// withSnippets adds the panel to the responses of an operation as long as
// there was no call: from then on, it comes with what the call returned.
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

// requestFor is the request that would be sent for the parameters as they are
// at the moment.
function requestFor({ path, method }, { Im, fn, specSelectors, oas3Selectors }) {
  const request = fn.buildRequest({
    spec: specSelectors.specJsonWithResolvedSubtrees().toJS(),
    pathName: path,
    method,
    operationId: specSelectors.specJson().getIn(["paths", path, method, "operationId"]),
    parameters: specSelectors.parameterValues([path, method]).toJS(),
    server: oas3Selectors.selectedServer(),
    responseContentType: "application/json",
  });
  return Im.fromJS(request);
}

// withoutToken leaves the token out of code that people copy, mail around and
// photograph.
function withoutToken({ headers, ...request }) {
  return { ...request, headers: { ...headers, Authorization: "Bearer ACCESS_TOKEN" } };
}
