// Changes to the document in memory, for this page only.

// atThisAddress makes the sandbox the only server, and its token endpoint the
// one to ask: at the same paths as the real ones, below the given address.
export function atThisAddress(contract, address) {
  contract.servers = [{ url: address.href.replace(/\/$/, ""), description: "the sandbox at this address" }];
  for (const scheme of Object.values(contract.components.securitySchemes)) {
    for (const flow of Object.values(scheme.flows ?? {})) {
      flow.tokenUrl = new URL("." + new URL(flow.tokenUrl).pathname, address).href;
    }
  }
  return contract;
}

// withNotes puts the notes on what is documented, and what is this project's
// reading, where readers of the page see them: into the descriptions.
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

// withoutOptionalValues keeps Swagger UI from filling in optional parameters:
// it takes whatever example there is, so that the first call that people try
// would be for the failed contract actions. What the default is, it says in
// words.
export function withoutOptionalValues(contract) {
  for (const parameter of Object.values(contract.components.parameters)) {
    if (!parameter.required) {
      const { example, default: value, ...schema } = resolve(contract, parameter.schema);
      delete parameter.example;
      parameter.schema = schema;
      if (value !== undefined) parameter.description += `\n\nDefault: \`${value}\``;
    }
  }
  return contract;
}

function resolve(contract, schema) {
  return schema.$ref ? contract.components.schemas[schema.$ref.split("/").pop()] : schema;
}
