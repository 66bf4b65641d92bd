// A plugin for Swagger UI, which would send the client's id and secret by HTTP
// Basic as they are. OAuth requires each to be form-urlencoded first (RFC 6749,
// section 2.3.1); otherwise special characters are misread.
export function encodedCredentials() {
  const authorizeApplication = (authorize) => (auth) => authorize({
    ...auth,
    clientId: encodeURIComponent(auth.clientId),
    clientSecret: encodeURIComponent(auth.clientSecret),
  });
  return { statePlugins: { auth: { wrapActions: { authorizeApplication } } } };
}
