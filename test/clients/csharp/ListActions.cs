// Prints the ids of an account's contract actions, or of those that match a filter, one per line. If the service
// refuses, prints why, such as "403 3110002: The access token lacks a required scope.", to stderr and exits
// with 1.
//
//   mono build/ListActions.exe 5ea75fe7aa224700012eae40 "status eq 'FAILED'"

using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using Express;
using Newtonsoft.Json.Linq;

static class ListActions
{
    static int Main(string[] arguments)
    {
        if (arguments.Length < 1)
        {
            Console.Error.WriteLine("usage: ListActions ACCOUNT_ID [FILTER]");
            return 1;
        }
        try
        {
            Run(arguments[0], arguments.Length > 1 ? arguments[1] : null).GetAwaiter().GetResult();
            return 0;
        }
        catch (ApiException<ErrorBody> refused)
        {
            Console.Error.WriteLine($"{refused.StatusCode} {refused.Result.Code}: {refused.Result.Message}");
        }
        catch (ApiException refused) // gateways answer with bodies of other kinds, or none
        {
            Console.Error.WriteLine(refused.StatusCode);
        }
        catch (InvalidOperationException failed)
        {
            Console.Error.WriteLine(failed.Message);
        }
        return 1;
    }

    static async Task Run(string accountId, string filter)
    {
        var baseUrl = new Uri(Variable("TALKDESK_BASE_URL"));
        using (var http = new HttpClient())
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await FetchToken(http));
            var client = new Client(http) { BaseUrl = baseUrl.ToString() };
            do
            {
                // Oldest first: contract actions created meanwhile arrive at the end and shift no page.
                var page = await client.ListContractActionsAsync(accountId, filter, ContractActionOrder.Created_atAsc, null, null);
                foreach (var action in page._embedded?.Contract_actions ?? new List<ContractAction>())
                {
                    Console.WriteLine(action.Id);
                }
                var next = page._links?.Next?.Href;
                client.Link = string.IsNullOrEmpty(next) ? null : Resolve(next, baseUrl);
            } while (client.Link != null);
        }
    }

    // The token must not be sent to another origin, which could use it.
    static Uri Resolve(string href, Uri baseUrl)
    {
        var link = new Uri(baseUrl, href);
        if (link.GetLeftPart(UriPartial.Authority) != baseUrl.GetLeftPart(UriPartial.Authority))
        {
            throw new InvalidOperationException($"the next link leads to {link.GetLeftPart(UriPartial.Authority)}: the token stays here");
        }
        return link;
    }

    // Tokens live ten minutes. A program that runs for longer gets a new one on a 401.
    static async Task<string> FetchToken(HttpClient http)
    {
        // RFC 6749, section 2.3.1: both are form-urlencoded before they are joined.
        var id = Uri.EscapeDataString(Variable("TALKDESK_CLIENT_ID"));
        var secret = Uri.EscapeDataString(Variable("TALKDESK_CLIENT_SECRET"));
        var request = new HttpRequestMessage(HttpMethod.Post, Variable("TALKDESK_TOKEN_URL"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" }),
        };
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}")));
        var response = await http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"no token: the answer is {(int)response.StatusCode}");
        }
        return (string)JObject.Parse(await response.Content.ReadAsStringAsync())["access_token"];
    }

    static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");
}

namespace Express
{
    // A link is followed unchanged: only the service knows what its query means.
    partial class Client
    {
        public Uri Link { get; set; }

        partial void PrepareRequest(HttpClient client, HttpRequestMessage request, string url) =>
            request.RequestUri = Link ?? request.RequestUri;
    }
}
