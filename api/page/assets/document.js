// Changes to the document, made in memory for this page only.

// atThisAddress makes the sandbox the only server and moves the token endpoint
// there, at the same paths as the real ones, below the given address.
export function atThisAddress(contract, address) {
  contract.servers = [{ url: address.href.replace(/\/$/, ""), description: "the sandbox at this address" }];
  for (const scheme of Object.values(contract.components.securitySchemes)) {
    for (const flow of Object.values(scheme.flows ?? {})) {
      flow.tokenUrl = new URL("." + new URL(flow.tokenUrl).pathname, address).href;
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

// withoutOptionalValues keeps Swagger UI from filling in optional parameters with
// their examples: the first request that people try would otherwise list only
// failed contract actions. The description says what the default is.
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
