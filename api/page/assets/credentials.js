// A plugin for Swagger UI: it puts the client's id and secret into HTTP Basic
// as they are. OAuth wants each of them form-urlencoded first (RFC 6749,
// section 2.3.1), without which special characters do not arrive.
export function encodedCredentials() {
  const authorizeApplication = (authorize) => (auth) => authorize({
    ...auth,
    clientId: encodeURIComponent(auth.clientId),
    clientSecret: encodeURIComponent(auth.clientSecret),
  });
  return { statePlugins: { auth: { wrapActions: { authorizeApplication } } } };
}
