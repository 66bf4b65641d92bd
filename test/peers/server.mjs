// An authorization server: oidc-provider, with the clients that a test registers. The configuration is JSON in the
// environment variable CONFIGURATION; see provider_test.go.
//
// Its warnings about the in-memory store, the signing keys and the Node version are left as they are: they are true,
// they do not matter to a server that lives for one test, and the test shows them only when it fails.
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { scopes, introspector, clients } = JSON.parse(process.env.CONFIGURATION);

function metadata(client) {
  return {
    client_id: client.id,
    scope: client.scope,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    ...authentication(client),
  };
}

function authentication({ secret, publicKey, keyID, algorithm }) {
  if (secret) {
    return { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret };
  }
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: algorithm,
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: keyID, alg: algorithm, use: 'sig' }] },
  };
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: clients.map(metadata),
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: (_context, client) => client.clientId === introspector },
    },
    routes: { token: '/oauth/token', introspection: '/oauth/introspection' },
    scopes, // for every API alike: scopes by resource (RFC 8707) would need Node 22 here
    ttl: { ClientCredentials: 600 },
  });
  // Clients are told that they were refused but not why. Tests have to know, or any refusal would do.
  provider.on('grant.error', (context, error) => {
    context.set('X-Refused-Because', error.error_detail ?? error.error_description);
  });
  server.on('request', provider.callback());
  console.log(`oidc-provider is listening on ${issuer}`);
});
