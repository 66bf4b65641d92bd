import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import talkdeskexpresscontractactionsunofficial.Client;

/**
 * Tests of a client against a running sandbox, in JUnit 5. The client is a few lines around the generated one, to be
 * replaced by yours. It expects the variables of
 *
 * <pre>contractactions serve --control 127.0.0.1:0 --client-secret s3cr3t --key-file key.txt</pre>
 *
 * and the secret in TALKDESK_CLIENT_SECRET.
 */
class SandboxTest {
    private static final String ACCOUNT = "5ea75fe7aa224700012eae40";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** The client to test. */
    private static final class Actions {
        /** In seconds; a real client sleeps instead. */
        final List<Long> pauses = new ArrayList<>();
        private final Callable<String> newToken;
        private final Client client;
        private String token;

        Actions(Callable<String> newToken) {
            this.newToken = newToken;
            client = new Client(new Client.Config()
                .serverUrl(environment("TALKDESK_BASE_URL"))
                .auth(new Client.Auth().bearer(this::token))
                .middleware(new Client.Middleware() {
                    @Override
                    public void onResponse(HttpResponse<InputStream> response) {
                        if (response.statusCode() == 429) {
                            response.headers().firstValueAsLong("Retry-After").ifPresent(pauses::add);
                        }
                    }
                }));
        }

        /** Returns all contract actions of the account, or those that match the filter. */
        List<Client.ContractAction> list(String filter) {
            var parameters = new Client.ListContractActionsParams().filter(filter).perPage(250L);
            for (int attempt = 1;; attempt++) {
                try {
                    List<Client.ContractAction> actions = new ArrayList<>();
                    client.listContractActionsItems(ACCOUNT, parameters).forEach(actions::add);
                    return actions;
                } catch (Client.ApiException refused) {
                    if (attempt == 3 || refused.status != 401 && refused.status != 429) {
                        throw refused;
                    }
                    if (refused.status == 401) {
                        token = null;
                    }
                } catch (UncheckedIOException broken) { // Client.Config.retry does not cover a truncated body
                    if (attempt == 3) {
                        throw broken;
                    }
                }
            }
        }

        private String token() {
            try {
                if (token == null) {
                    token = newToken.call();
                }
                return token;
            } catch (Exception failed) {
                throw new IllegalStateException("no token", failed);
            }
        }
    }

    private static String tokenForSecret() throws IOException, InterruptedException {
        String credentials = encode(environment("TALKDESK_CLIENT_ID")) + ":" + encode(environment("TALKDESK_CLIENT_SECRET"));
        return requestToken("grant_type=client_credentials", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()));
    }

    private static String tokenForKey() throws IOException, InterruptedException, GeneralSecurityException {
        String id = environment("TALKDESK_CLIENT_ID");
        long now = Instant.now().getEpochSecond();
        String signed = base64("{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(
                environment("TALKDESK_KEY_ALGORITHM"), environment("TALKDESK_KEY_ID")).getBytes())
            + "." + base64("{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%d,\"exp\":%d}".formatted(
                id, id, environment("TALKDESK_TOKEN_URL"), UUID.randomUUID(), now, now + 300).getBytes());
        String key = Files.readString(Path.of(environment("TALKDESK_PRIVATE_KEY_FILE"))).strip();
        var es256 = Signature.getInstance("SHA256withECDSAinP1363Format");
        es256.initSign(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))));
        es256.update(signed.getBytes());
        return requestToken("grant_type=client_credentials&client_assertion=" + signed + "." + base64(es256.sign())
            + "&client_assertion_type=" + encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), null);
    }

    private static String requestToken(String form, String authorization) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(environment("TALKDESK_TOKEN_URL")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return (String) ((Map<?, ?>) Client.Json.parse(response.body())).get("access_token");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set");
        }
        return value;
    }

    /** Sends a request to the control API. The body is JSON, or null. */
    private static Object control(String method, String path, String body) throws IOException, InterruptedException {
        var response = HTTP.send(HttpRequest.newBuilder(URI.create(environment("SANDBOX_CONTROL_URL") + path))
            .header("Authorization", "Bearer " + environment("SANDBOX_CONTROL_TOKEN"))
            .header("Content-Type", "application/json")
            .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
            .build(), HttpResponse.BodyHandlers.ofString());
        assertTrue(response.statusCode() < 300, response.body());
        return response.body().isEmpty() ? null : Client.Json.parse(response.body());
    }

    /** The requests that the sandbox has received. */
    private static List<Map<?, ?>> requests() throws IOException, InterruptedException {
        var requests = (List<?>) ((Map<?, ?>) control("GET", "/requests", null)).get("requests");
        return requests.stream().<Map<?, ?>>map(request -> (Map<?, ?>) request).toList();
    }

    private static List<Integer> statuses() throws IOException, InterruptedException {
        return requests().stream().map(request -> ((Number) request.get("status")).intValue()).toList();
    }

    private final Actions client = new Actions(SandboxTest::tokenForSecret);

    @BeforeEach
    void reset() throws IOException, InterruptedException {
        control("POST", "/reset", null);
    }

    @Test
    void listsEverything() throws Exception {
        assertEquals(425, client.list(null).size());
        assertEquals(List.of(200, 200, 200), statuses());
    }

    @Test
    void filters() {
        var statuses = client.list("status eq 'FAILED'").stream().map(Client.ContractAction::status).collect(Collectors.toSet());
        assertEquals(Set.of(Client.ContractActionStatus.FAILED), statuses);
    }

    @Test
    void waitsAsLongAsTheServiceAsks() throws Exception {
        control("POST", "/faults", "{\"status\": 429, \"headers\": {\"Retry-After\": \"7\"}}");
        assertEquals(425, client.list(null).size());
        assertEquals(List.of(7L), client.pauses);
    }

    @Test
    void getsANewTokenInPlaceOfARevokedOne() throws Exception {
        client.list(null);
        control("DELETE", "/tokens", null);
        assertEquals(425, client.list(null).size());
        assertEquals(List.of(200, 200, 200, 401, 200, 200, 200), statuses());
    }

    @Test
    void repeatsATruncatedResponse() throws Exception {
        control("POST", "/faults", "{\"cut_after\": 100}");
        assertEquals(425, client.list(null).size());
    }

    @Test
    void seesAContractActionMoveOn() throws Exception {
        String path = "/accounts/" + ACCOUNT + "/actions/mine";
        control("PUT", path, "{\"action_type\": \"CANCELTDE\", \"created_at\": \"2026-11-01T00:00:00Z\"}");
        for (var status : List.of(Client.ContractActionStatus.IN_PROGRESS, Client.ContractActionStatus.FAILED)) {
            control("PUT", path + "/status", "{\"status\": \"" + status + "\"}");
            var newest = client.list(null).get(0);
            assertEquals("mine", newest.id());
            assertEquals(status, newest.status());
        }
    }

    @Test
    void passesAnErrorOn() throws Exception {
        control("POST", "/faults", "{\"status\": 502}");
        var refused = assertThrows(Client.ApiException.class, () -> client.list(null));
        assertEquals(502, refused.status);
    }

    @Test
    void authenticatesWithAPrivateKey() throws Exception {
        assertEquals(425, new Actions(SandboxTest::tokenForKey).list(null).size());
        assertTrue(((Map<?, ?>) requests().get(0).get("form")).containsKey("client_assertion"));
    }
}
