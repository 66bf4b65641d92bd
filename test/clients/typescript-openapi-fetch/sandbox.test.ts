// Tests of a client against a running sandbox, in Node's own test runner. The client is a few lines around the generated
// types, to be replaced by yours. It expects the variables of
//
//   contractactions serve --control 127.0.0.1:0 --client-secret s3cr3t --key-file key.txt
//
// and the secret in TALKDESK_CLIENT_SECRET:
//
//   node --test build/sandbox.test.js

import assert from "node:assert/strict";
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import createClient from "openapi-fetch";
import type { paths as ControlPaths } from "./generated/control.js";
import type { components, paths } from "./generated/schema.js";

type ContractAction = components["schemas"]["ContractAction"];
type Query = NonNullable<paths["/express/accounts/{account_id}/contracts/actions"]["get"]["parameters"]["query"]>;

const account_id = "5ea75fe7aa224700012eae40";

const control = createClient<ControlPaths>({
  baseUrl: environment("SANDBOX_CONTROL_URL"),
  headers: { Authorization: `Bearer ${environment("SANDBOX_CONTROL_TOKEN")}` },
});

/** The client to test. */
class Client {
  /** In seconds; a real client sleeps instead. */
  readonly pauses: number[] = [];
  #token: string | undefined;

  constructor(private readonly newToken = tokenForSecret) {}

  /** Returns all contract actions of the account. */
  async actions(query: Query = {}): Promise<ContractAction[]> {
    const client = createClient<paths>({ baseUrl: environment("TALKDESK_BASE_URL") });
    const actions: ContractAction[] = [];
    let link: string | undefined;
    do {
      const { data, response } = await client.GET("/express/accounts/{account_id}/contracts/actions", {
        params: { path: { account_id }, query: { per_page: 250, ...query } },
        fetch: (request) => this.#send(link ? new Request(link, request) : request),
      });
      if (!data) throw new Error(`refused with ${response.status}`);
      actions.push(...(data._embedded?.contract_actions ?? []));
      link = data._links?.next?.href;
    } while (link);
    return actions;
  }

  async #send(request: Request): Promise<Response> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      this.#token ??= await this.newToken();
      request.headers.set("Authorization", `Bearer ${this.#token}`);
      try {
        const response = await fetch(request.clone());
        // Read here, so that a truncated body is repeated, too.
        const body = await response.text();
        if (response.status === 401) this.#token = undefined;
        else if (response.status === 429) this.pauses.push(Number(response.headers.get("Retry-After")));
        else return new Response(body, response);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // a TypeError is a failure of the network
      }
    }
    throw new Error("three requests failed");
  }
}

function tokenForSecret(): Promise<string> {
  const [id, secret] = ["TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET"].map((name) => encodeURIComponent(environment(name)));
  return requestToken({}, { Authorization: `Basic ${btoa(`${id}:${secret}`)}` });
}

function tokenForKey(): Promise<string> {
  const id = environment("TALKDESK_CLIENT_ID");
  const iat = Math.floor(Date.now() / 1000);
  const header = { alg: environment("TALKDESK_KEY_ALGORITHM"), kid: environment("TALKDESK_KEY_ID") };
  const claims = { iss: id, sub: id, aud: environment("TALKDESK_TOKEN_URL"), jti: randomUUID(), iat, exp: iat + 300 };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const file = readFileSync(environment("TALKDESK_PRIVATE_KEY_FILE"), "utf8");
  const key = createPrivateKey({ key: Buffer.from(file, "base64"), format: "der", type: "pkcs8" });
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  return requestToken({
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: `${signed}.${signature}`,
  });
}

async function requestToken(form: Record<string, string>, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(environment("TALKDESK_TOKEN_URL"), {
    method: "POST",
    headers,
    body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
  });
  if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

async function statuses(): Promise<number[]> {
  const { data } = await control.GET("/requests");
  return data!.requests.map((request) => request.status);
}

beforeEach(async () => {
  const { response } = await control.POST("/reset");
  assert.equal(response.status, 204);
});

test("lists everything", async () => {
  assert.equal((await new Client().actions()).length, 425);
  assert.deepEqual(await statuses(), [200, 200, 200]);
});

test("filters", async () => {
  const failed = await new Client().actions({ filter: "status eq 'FAILED'" });
  assert.deepEqual(new Set(failed.map((action) => action.status)), new Set(["FAILED"]));
});

test("waits as long as the service asks", async () => {
  await control.POST("/faults", { body: { status: 429, headers: { "Retry-After": "7" } } });
  const client = new Client();
  assert.equal((await client.actions()).length, 425);
  assert.deepEqual(client.pauses, [7]);
});

test("gets a new token in place of a revoked one", async () => {
  const client = new Client();
  await client.actions();
  await control.DELETE("/tokens");
  assert.equal((await client.actions()).length, 425);
  assert.deepEqual((await statuses()).slice(3), [401, 200, 200, 200]);
});

test("repeats a truncated response", async () => {
  await control.POST("/faults", { body: { cut_after: 100 } });
  assert.equal((await new Client().actions()).length, 425);
});

test("sees a contract action move on", async () => {
  const params = { path: { account_id, action_id: "mine" } };
  await control.PUT("/accounts/{account_id}/actions/{action_id}", {
    params,
    body: { action_type: "CANCELTDE", created_at: "2026-11-01T00:00:00Z" },
  });
  for (const status of ["IN_PROGRESS", "FAILED"] as const) {
    await control.PUT("/accounts/{account_id}/actions/{action_id}/status", { params, body: { status } });
    const [newest] = await new Client().actions();
    assert.deepEqual([newest?.id, newest?.status], ["mine", status]);
  }
});

test("passes an error on", async () => {
  await control.POST("/faults", { body: { status: 502 } });
  await assert.rejects(new Client().actions(), /refused with 502/);
});

test("authenticates with a private key", async () => {
  assert.equal((await new Client(tokenForKey).actions()).length, 425);
  const { data } = await control.GET("/requests");
  assert.match(data!.requests[0]!.form.client_assertion![0]!, /^ey/);
});
