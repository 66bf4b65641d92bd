import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;

import talkdeskexpresscontractactionsunofficial.Client;

/**
 * Prints the ids of an account's contract actions, or of those that match a filter, one per line. If the service
 * refuses, prints why, such as "403 3110002: The access token lacks a required scope.", to stderr and exits
 * with 1.
 *
 * <pre>java -cp build ListActions 5ea75fe7aa224700012eae40 "status eq 'FAILED'"</pre>
 */
public final class ListActions {
    private ListActions() {}

    /** Passes on those that match the filter, or all if it is null. */
    static void listContractActions(
            URI baseUrl, String token, String accountId, String filter, Consumer<Client.ContractAction> each) {
        var client = new Client(new Client.Config()
            .serverUrl(baseUrl.toString())
            .auth(new Client.Auth().bearer(token)));
        // Oldest first: contract actions created meanwhile arrive at the end and shift no page.
        var parameters = new Client.ListContractActionsParams()
            .filter(filter)
            .orderBy(Client.ContractActionOrder.CREATED_AT_ASC);
        for (Client.ContractActionPage page : client.listContractActionsPages(accountId, parameters)) {
            if (page.embedded() != null && page.embedded().contractActions() != null) {
                page.embedded().contractActions().forEach(each);
            }
            if (page.links() != null && page.links().next() != null && page.links().next().href() != null) {
                checkLink(URI.create(page.links().next().href()), baseUrl);
            }
        }
    }

    /** The generated client takes only the query of a link. One to elsewhere would get a wrong page from here. */
    private static void checkLink(URI href, URI baseUrl) {
        URI link = baseUrl.resolve(href);
        if (!link.getScheme().equals(baseUrl.getScheme()) || !link.getAuthority().equals(baseUrl.getAuthority())) {
            throw new IllegalStateException("the next link leads to " + link.getScheme() + "://" + link.getAuthority()
                + ": the token stays here");
        }
    }

    /** Tokens live ten minutes. A program that runs for longer gets a new one on a 401. */
    private static String fetchToken() throws IOException, InterruptedException {
        // RFC 6749, section 2.3.1: both are form-urlencoded before they are joined.
        String credentials = formEncode(environment("TALKDESK_CLIENT_ID")) + ":"
            + formEncode(environment("TALKDESK_CLIENT_SECRET"));
        var request = HttpRequest.newBuilder(URI.create(environment("TALKDESK_TOKEN_URL")))
            .header("Authorization", "Basic " + base64(credentials))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("no token: the answer is " + response.statusCode());
        }
        if (Client.Json.parse(response.body()) instanceof Map<?, ?> answer
                && answer.get("access_token") instanceof String token) {
            return token;
        }
        throw new IllegalStateException("no token in the answer");
    }

    private static String formEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(name + " is not set");
        }
        return value;
    }

    private static String explain(Client.ApiException refused) {
        // Gateways answer with bodies of other kinds, or none.
        if (!(refused.body instanceof Map<?, ?> map && map.containsKey("code"))) {
            return String.valueOf(refused.status);
        }
        var body = Client.ErrorBody.fromJson(refused.body);
        return refused.status + " " + body.code() + ": " + body.message();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: ListActions ACCOUNT_ID [FILTER]");
            System.exit(1);
        }
        try {
            listContractActions(URI.create(environment("TALKDESK_BASE_URL")), fetchToken(), arguments[0],
                arguments.length > 1 ? arguments[1] : null, action -> System.out.println(action.id()));
        } catch (Client.ApiException refused) {
            System.err.println(explain(refused));
            System.exit(1);
        } catch (IllegalStateException failed) {
            System.err.println(failed.getMessage());
            System.exit(1);
        }
    }
}
