// Lists an account with swagger-client, the library below Swagger UI, which acts on the document at DOCUMENT: it sends to
// the document's server, with a token from the document's token endpoint. Prints the number of contract actions.

import SwaggerClient from 'swagger-client';

const { DOCUMENT: url, ACCOUNT: account_id, CLIENT_ID: id, CLIENT_SECRET: secret } = process.env;

const { spec } = await SwaggerClient.resolve({ url });
const { tokenUrl } = spec.components.securitySchemes.oauth2.flows.clientCredentials;
const granted = await fetch(tokenUrl, {
  method: 'POST',
  headers: { Authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}` },
  body: new URLSearchParams({ grant_type: 'client_credentials' }),
});
const token = await granted.json();

const client = await new SwaggerClient({ spec, authorizations: { oauth2: { token } } });
let count = 0;
let page;
do {
  const { body } = await client.apis['Contract actions'].listContractActions({ account_id, ...(page && { page }) });
  count += body._embedded.contract_actions.length;
  page = body._links.next && new URL(body._links.next.href).searchParams.get('page');
} while (page);
console.log(count);
