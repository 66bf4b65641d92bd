// The code that sends a request: one function for each language. No operation of
// the contract takes a request body. Strings are quoted as in JSON, which all of
// the languages understand except the shell.

const quote = JSON.stringify;

const shellQuote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

const headerLines = (headers, line) => Object.entries(headers).map(line).join("\n");

export const bash = ({ method, url, headers }) => `curl --request ${method} \\
${headerLines(headers, ([name, value]) => `  --header ${shellQuote(`${name}: ${value}`)} \\`)}
  ${shellQuote(url)}`;

export const javascript = ({ method, url, headers }) => `const response = await fetch(${quote(url)}, {
  method: ${quote(method)},
  headers: {
${headerLines(headers, ([name, value]) => `    ${quote(name)}: ${quote(value)},`)}
  },
});
console.log(response.status, await response.text());`;

export const python = ({ method, url, headers }) => `import urllib.request

request = urllib.request.Request(
    ${quote(url)},
    method=${quote(method)},
    headers={
${headerLines(headers, ([name, value]) => `        ${quote(name)}: ${quote(value)},`)}
    },
)
with urllib.request.urlopen(request) as response:
    print(response.status, response.read().decode())`;

export const go = ({ method, url, headers }) => `package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
)

func main() {
	request, err := http.NewRequest(${quote(method)}, ${quote(url)}, nil)
	if err != nil {
		log.Fatal(err)
	}
${headerLines(headers, ([name, value]) => `	request.Header.Set(${quote(name)}, ${quote(value)})`)}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, string(body))
}`;
