"""Prints the ids of an account's contract actions, or of those that match a filter, one per line. If the service
refuses, prints why, such as "403 3110002: The access token lacks a required scope.", to stderr and exits
with 1.

    python3 list_actions.py 5ea75fe7aa224700012eae40 "status eq 'FAILED'"
"""

import os
import sys
from typing import Iterator, Optional
from urllib.parse import quote_plus, urljoin, urlsplit

import httpx

from generated.client import ApiError, Client, ContractAction, ContractActionOrder, ErrorBody, decode


def list_contract_actions(
    base_url: str, token: str, account_id: str, expression: Optional[str] = None
) -> Iterator[ContractAction]:
    client = Client(base_url, auth={"bearer": token})
    # Oldest first: contract actions created meanwhile arrive at the end and shift no page.
    order = ContractActionOrder.CREATED_AT_ASC
    for page in client.list_contract_actions_pages(account_id, filter=expression, order_by=order):
        if page.embedded:
            yield from page.embedded.contract_actions or []
        if page.links and page.links.next and page.links.next.href:
            check_link(page.links.next.href, base_url)


def check_link(href: str, base_url: str) -> None:
    """The generated client takes only the query of a link. One to elsewhere would get a wrong page from here."""
    base = urlsplit(base_url)
    link = urlsplit(urljoin(base_url, href))
    if (link.scheme, link.netloc) != (base.scheme, base.netloc):
        raise RuntimeError(f"the next link leads to {link.scheme}://{link.netloc}: the token stays here")


def fetch_token() -> str:
    """Tokens live ten minutes. A program that runs for longer gets a new one on a 401."""
    response = httpx.post(
        os.environ["TALKDESK_TOKEN_URL"],
        # RFC 6749, section 2.3.1: both are form-urlencoded before they are joined.
        auth=(quote_plus(os.environ["TALKDESK_CLIENT_ID"]), quote_plus(os.environ["TALKDESK_CLIENT_SECRET"])),
        data={"grant_type": "client_credentials"},
    )
    if response.status_code != httpx.codes.OK:
        raise RuntimeError(f"no token: the answer is {response.status_code}")
    token: str = response.json()["access_token"]
    return token


def explain(refused: ApiError) -> str:
    # Gateways answer with bodies of other kinds, or none.
    if not isinstance(refused.body, dict) or "code" not in refused.body:
        return str(refused.status)
    body: ErrorBody = decode(ErrorBody, refused.body)
    return f"{refused.status} {body.code}: {body.message}"


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: list_actions.py ACCOUNT_ID [FILTER]")
    try:
        for action in list_contract_actions(os.environ["TALKDESK_BASE_URL"], fetch_token(), *sys.argv[1:]):
            print(action.id)
    except ApiError as refused:
        sys.exit(explain(refused))
    except KeyError as missing:
        sys.exit(f"{missing} is not set")
    except (RuntimeError, httpx.HTTPError) as failed:
        sys.exit(str(failed))


if __name__ == "__main__":
    main()
