// Prints the ids of an account's contract actions, or of those that match a filter, one per line. If the service
// refuses, prints why, such as "403 3110002: The access token lacks a required scope.", to stderr and exits
// with 1.
//
//   node build/list-actions.js 5ea75fe7aa224700012eae40 "status eq 'FAILED'"

import createClient from "openapi-fetch";
import type { components, paths } from "./generated/schema.js";

type ContractAction = components["schemas"]["ContractAction"];
type ErrorBody = components["schemas"]["ErrorBody"];

class Refused extends Error {
  constructor(status: number, body: ErrorBody) {
    // Gateways answer with bodies of other kinds, or none, whatever the types say.
    super(body?.code ? `${status} ${body.code}: ${body.message}` : `${status}`);
  }
}

async function* listContractActions(
  baseUrl: string,
  token: string,
  accountId: string,
  filter?: string,
): AsyncGenerator<ContractAction> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
  let link: URL | undefined;
  do {
    const { data, error, response } = await client.GET("/express/accounts/{account_id}/contracts/actions", {
      params: {
        path: { account_id: accountId },
        // Oldest first: contract actions created meanwhile arrive at the end and shift no page.
        query: { filter, order_by: "created_at:asc" },
      },
      // A link is followed unchanged: only the service knows what its query means.
      fetch: (request) => fetch(link ? new Request(link, request) : request),
    });
    if (data === undefined) {
      throw new Refused(response.status, error);
    }
    yield* data._embedded?.contract_actions ?? [];
    const next = data._links?.next?.href;
    link = next ? resolveLink(next, baseUrl) : undefined;
  } while (link);
}

// The token must not be sent to another origin, which could use it.
function resolveLink(href: string, baseUrl: string): URL {
  const link = new URL(href, baseUrl);
  if (link.origin !== new URL(baseUrl).origin) {
    throw new Error(`the next link leads to ${link.origin}: the token stays here`);
  }
  return link;
}

// Tokens live ten minutes. A program that runs for longer gets a new one on a 401.
async function fetchToken(): Promise<string> {
  // RFC 6749, section 2.3.1: both are form-urlencoded before they are joined.
  const id = encodeURIComponent(environment("TALKDESK_CLIENT_ID"));
  const secret = encodeURIComponent(environment("TALKDESK_CLIENT_SECRET"));
  const response = await fetch(environment("TALKDESK_TOKEN_URL"), {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  if (!response.ok) {
    throw new Error(`no token: the answer is ${response.status}`);
  }
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

function environment(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

try {
  const [accountId, filter] = process.argv.slice(2);
  if (!accountId) {
    throw new Error("usage: list-actions ACCOUNT_ID [FILTER]");
  }
  const token = await fetchToken();
  for await (const action of listContractActions(environment("TALKDESK_BASE_URL"), token, accountId, filter)) {
    console.log(action.id);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
