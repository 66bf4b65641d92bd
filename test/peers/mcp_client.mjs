// Lists an account through an MCP server that openapi-mcp-generator makes from the document at DOCUMENT in FOLDER. It sends to
// the document's server, with a token from the document's token endpoint. Prints the number of contract actions.

import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { transform } from 'sucrase';

const { DOCUMENT, ACCOUNT: account_id, CLIENT_ID, CLIENT_SECRET, FOLDER } = process.env;

const generator = 'node_modules/openapi-mcp-generator/bin/openapi-mcp-generator.js';
execFileSync(process.execPath, [generator, '--input', DOCUMENT, '--output', FOLDER], { stdio: 'ignore' });
symlinkSync(resolve('node_modules'), `${FOLDER}/node_modules`);
const { code } = transform(readFileSync(`${FOLDER}/src/index.ts`, 'utf8'), { transforms: ['typescript'] });
writeFileSync(`${FOLDER}/index.mjs`, code);

const server = new StdioClientTransport({
  command: process.execPath,
  args: [...process.execArgv, `${FOLDER}/index.mjs`],
  env: { OAUTH_CLIENT_ID_OAUTH2: CLIENT_ID, OAUTH_CLIENT_SECRET_OAUTH2: CLIENT_SECRET },
  stderr: 'pipe',
});
let log = '';
server.stderr.on('data', (text) => { log += text; });
const client = new Client({ name: 'test', version: '1' });
await client.connect(server);
try {
  let count = 0;
  let page;
  do {
    const result = await client.callTool({ name: 'listContractActions', arguments: { account_id, ...(page && { page }) } });
    const [heading, body] = result.content[0].text.split(/\n(.*)/s);
    if (!heading.includes('Status: 200')) throw new Error(`${heading}\n${log}`);
    const { _embedded, _links } = JSON.parse(body);
    count += _embedded.contract_actions.length;
    page = _links.next && Number(new URL(_links.next.href).searchParams.get('page'));
  } while (page);
  console.log(count);
} finally {
  await client.close();
}
