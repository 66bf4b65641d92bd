// Prints the ids of an account's contract actions, one per line. Each page is validated by the schemas that Hey API
// generates for zod.
//
//   node build/list-actions.js 5ea75fe7aa224700012eae40

import { zContractActionPage } from "./generated/zod.gen.js";

const { TALKDESK_CLIENT_ID: id = "", TALKDESK_CLIENT_SECRET: secret = "" } = process.env;
const { TALKDESK_BASE_URL: baseUrl = "", TALKDESK_TOKEN_URL: tokenUrl = "" } = process.env;

async function get(url: URL | string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

const { access_token } = (await get(tokenUrl, {
  method: "POST",
  headers: { Authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}` },
  body: new URLSearchParams({ grant_type: "client_credentials" }),
})) as { access_token: string };

let link: URL | undefined = new URL(`/express/accounts/${process.argv[2]}/contracts/actions?order_by=created_at:asc`, baseUrl);
while (link) {
  if (link.origin !== new URL(baseUrl).origin) throw new Error(`not sending the token to ${link.origin}`);
  const page = zContractActionPage.parse(await get(link, { headers: { Authorization: `Bearer ${access_token}` } }));
  for (const action of page._embedded?.contract_actions ?? []) console.log(action.id);
  const next: string | undefined = page._links?.next?.href;
  link = next ? new URL(next, baseUrl) : undefined;
}
