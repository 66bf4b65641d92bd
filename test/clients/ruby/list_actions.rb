# Prints the ids of an account's contract actions, one per line, with the client that openapi-generator generates.
#
#   ruby list_actions.rb 5ea75fe7aa224700012eae40

require "json"
require "net/http"
$LOAD_PATH.unshift(File.join(__dir__, "generated", "lib"))
require "openapi_client"

def fetch_token
  request = Net::HTTP::Post.new(URI(ENV.fetch("TALKDESK_TOKEN_URL")))
  # RFC 6749, section 2.3.1: both are form-urlencoded before they are joined.
  request.basic_auth(*%w[TALKDESK_CLIENT_ID TALKDESK_CLIENT_SECRET].map { |name| URI.encode_www_form_component(ENV.fetch(name)) })
  request.form_data = { grant_type: "client_credentials" }
  response = Net::HTTP.start(request.uri.host, request.uri.port, use_ssl: request.uri.scheme == "https") { |http| http.request(request) }
  JSON.parse(response.body).fetch("access_token")
end

base = URI(ENV.fetch("TALKDESK_BASE_URL"))
OpenapiClient.configure do |config|
  config.scheme = base.scheme
  config.host = "#{base.host}:#{base.port}"
  config.access_token = fetch_token
end

api = OpenapiClient::ContractActionsApi.new
query = { order_by: "created_at:asc" }
loop do
  page = api.list_contract_actions(ARGV.fetch(0), query)
  page._embedded.contract_actions.each { |action| puts action.id }
  break unless page._links._next

  # The generated method takes parameters in place of a URL.
  query = URI.decode_www_form(URI(page._links._next.href).query).to_h.transform_keys(&:to_sym)
  query.transform_values! { |value| value.match?(/\A\d+\z/) ? value.to_i : value }
end
