// Prints the ids of an account's contract actions, or of those that match a filter, one per line. If the service
// refuses, prints why, such as "403 3110002: The access token lacks a required scope.", to stderr and exits
// with 1.
//
//   node build/list-actions.js 5ea75fe7aa224700012eae40 "status eq 'FAILED'"

import {
  Configuration,
  type ContractAction,
  ContractActionOrder,
  ContractActionsApi,
  type ErrorBody,
  ErrorBodyFromJSON,
} from "./generated";

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
  const api = new ContractActionsApi(
    new Configuration({
      basePath: baseUrl,
      // This release sends the token as it is, without the scheme.
      accessToken: `Bearer ${token}`,
      // Its own default is the browser's window.fetch.
      fetchApi: fetch,
    }),
  );
  let link: URL | undefined;
  do {
    const page = await api
      // A link is followed unchanged: only the service knows what its query means.
      .withPreMiddleware(async ({ url, init }) => ({ url: link?.href ?? url, init }))
      // Oldest first: contract actions created meanwhile arrive at the end and shift no page.
      .listContractActions({ accountId, filter, orderBy: ContractActionOrder.CreatedAtAscending })
      .catch(explain);
    yield* page.embedded?.contractActions ?? [];
    const next = page.links?.next?.href;
    link = next ? resolveLink(next, baseUrl) : undefined;
  } while (link);
}

// This release throws the answer itself, with the body still unread.
async function explain(thrown: unknown): Promise<never> {
  if (thrown instanceof Response) {
    throw new Refused(thrown.status, ErrorBodyFromJSON(await thrown.json().catch(() => undefined)));
  }
  throw thrown;
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

async function main(): Promise<void> {
  const [accountId, filter] = process.argv.slice(2);
  if (!accountId) {
    throw new Error("usage: list-actions ACCOUNT_ID [FILTER]");
  }
  const token = await fetchToken();
  for await (const action of listContractActions(environment("TALKDESK_BASE_URL"), token, accountId, filter)) {
    console.log(action.id);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
