"""Tests of a client, with the sandbox in a process of its own.

The client is a few lines of the standard library, to be replaced by yours. The tests use the sandbox that the variables
of `contractactions serve --control` name. Without such variables, and where they need other options, they start one:
CONTRACTACTIONS is the path of the command; by default it is looked up in PATH.

    python3 -m unittest test_sandbox
"""

import base64
import http.client
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
import uuid

ACCOUNT = "5ea75fe7aa224700012eae40"


class Sandbox:
    """A running sandbox with its control API, and the variables of its client."""

    def __init__(self, variables):
        self.variables = variables

    def order(self, method, path, body=None):
        """Sends a request to the control API."""
        request = urllib.request.Request(
            self.variables["SANDBOX_CONTROL_URL"] + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.variables["SANDBOX_CONTROL_TOKEN"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            content = response.read()
        return json.loads(content) if content else None


class OwnSandbox(Sandbox):
    """A sandbox on a free port."""

    def __init__(self, *arguments):
        command = os.environ.get("CONTRACTACTIONS", "contractactions")
        self.process = subprocess.Popen(
            [command, "serve", "--addr", "127.0.0.1:0", "--control", "127.0.0.1:0", "--quiet", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        super().__init__({})
        # The token of the control is the last variable: the sandbox listens.
        while "SANDBOX_CONTROL_TOKEN" not in self.variables:
            name, value = shlex.split(self.process.stdout.readline())[1].split("=", 1)
            self.variables[name] = value

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Client:
    """The client to test."""

    def __init__(self, variables):
        self.variables = variables
        self.pauses = []  # in seconds; a real client sleeps instead
        self.token = None

    def actions(self, **query):
        """Returns all contract actions of the account."""
        url = self.variables["TALKDESK_BASE_URL"] + f"/express/accounts/{ACCOUNT}/contracts/actions"
        actions, link = [], url + "?" + urllib.parse.urlencode({"per_page": 250, **query})
        while link:
            page = self.get(link)
            actions += page["_embedded"]["contract_actions"]
            link = page["_links"].get("next", {}).get("href")
        return actions

    def get(self, url):
        for _ in range(3):
            self.token = self.token or self.new_token()
            request = urllib.request.Request(url, headers={"Authorization": "Bearer " + self.token})
            try:
                with urllib.request.urlopen(request) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if error.code == 401:
                    self.token = None
                elif error.code == 429:
                    self.pauses.append(int(error.headers["Retry-After"]))
                else:
                    raise
                error.close()
            except http.client.IncompleteRead:
                pass
        raise RuntimeError("three requests failed")

    def new_token(self):
        form, headers = {"grant_type": "client_credentials"}, {}
        if "TALKDESK_CLIENT_SECRET" in self.variables:
            parts = (urllib.parse.quote_plus(self.variables[name]) for name in ("TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET"))
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(parts).encode()).decode()
        else:
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            form["client_assertion"] = self.assertion()
        request = urllib.request.Request(
            self.variables["TALKDESK_TOKEN_URL"], data=urllib.parse.urlencode(form).encode(), headers=headers)
        with urllib.request.urlopen(request) as response:
            return json.load(response)["access_token"]

    def assertion(self):
        now, name = int(time.time()), self.variables["TALKDESK_CLIENT_ID"]
        claims = {"iss": name, "sub": name, "aud": self.variables["TALKDESK_TOKEN_URL"],
                  "jti": str(uuid.uuid4()), "iat": now, "exp": now + 300}
        header = {"alg": self.variables["TALKDESK_KEY_ALGORITHM"], "kid": self.variables["TALKDESK_KEY_ID"]}
        signed = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        with open(self.variables["TALKDESK_PRIVATE_KEY_FILE"]) as file:
            return signed + "." + encode(sign(base64.b64decode(file.read()), signed.encode()))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(key, data):
    """Signs with ES256. The standard library cannot; a real client uses a JWT library."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(key)
        file.flush()
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-keyform", "DER", "-sign", file.name],
                                   input=data, stdout=subprocess.PIPE, check=True).stdout
    # DER has two integers of up to 33 bytes, a JWT two numbers of 32.
    length = signature[3]
    first, second = signature[4:4 + length], signature[6 + length:]
    return b"".join(number.lstrip(b"\0").rjust(32, b"\0") for number in (first, second))


class TestClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if "SANDBOX_CONTROL_URL" in os.environ:
            cls.sandbox = Sandbox(os.environ)
        else:
            cls.sandbox = OwnSandbox()
            cls.addClassCleanup(cls.sandbox.close)

    def setUp(self):
        self.sandbox.order("POST", "/reset")
        self.client = Client(self.sandbox.variables)

    def statuses(self):
        return [request["status"] for request in self.sandbox.order("GET", "/requests")["requests"]]

    def test_lists_everything(self):
        self.assertEqual(len(self.client.actions()), 425)
        self.assertEqual(self.statuses(), [200, 200, 200])

    def test_filters(self):
        failed = self.client.actions(filter="status eq 'FAILED'")
        self.assertEqual({action["status"] for action in failed}, {"FAILED"})

    def test_waits_as_long_as_the_service_asks(self):
        self.sandbox.order("POST", "/faults", {"status": 429, "headers": {"Retry-After": "7"}})
        self.assertEqual(len(self.client.actions()), 425)
        self.assertEqual(self.client.pauses, [7])

    def test_gets_a_new_token(self):
        self.client.actions()
        self.sandbox.order("DELETE", "/tokens")
        self.assertEqual(len(self.client.actions()), 425)
        self.assertEqual(self.statuses()[3:], [401, 200, 200, 200])

    def test_repeats_a_truncated_response(self):
        self.sandbox.order("POST", "/faults", {"cut_after": 100})
        self.assertEqual(len(self.client.actions()), 425)

    def test_sees_a_contract_action_move_on(self):
        path = f"/accounts/{ACCOUNT}/actions/mine"
        self.sandbox.order("PUT", path, {"action_type": "CANCELTDE", "created_at": "2026-11-01T00:00:00Z"})
        for status in "IN_PROGRESS", "FAILED":
            self.sandbox.order("PUT", path + "/status", {"status": status})
            newest = self.client.actions()[0]
            self.assertEqual((newest["id"], newest["status"]), ("mine", status))

    def test_passes_an_error_on(self):
        self.sandbox.order("POST", "/faults", {"status": 502})
        with self.assertRaises(urllib.error.HTTPError) as raised:
            self.client.actions()
        with raised.exception as error:
            self.assertIn(b"<html>", error.read())


class TestExpiry(unittest.TestCase):
    def test_gets_a_token_in_place_of_an_expired_one(self):
        sandbox = OwnSandbox("--token-lifetime", "1ms", "--latency", "2ms")
        self.addCleanup(sandbox.close)
        with self.assertRaisesRegex(RuntimeError, "three requests failed"):
            Client(sandbox.variables).actions()
        statuses = [request["status"] for request in sandbox.order("GET", "/requests")["requests"]]
        self.assertEqual(statuses, [200, 401] * 3)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class TestPrivateKey(unittest.TestCase):
    def test_authenticates_with_the_key(self):
        with tempfile.TemporaryDirectory() as folder:
            sandbox = OwnSandbox("--key-file", os.path.join(folder, "key.txt"))
            self.addCleanup(sandbox.close)
            self.assertNotIn("TALKDESK_CLIENT_SECRET", sandbox.variables)
            self.assertEqual(len(Client(sandbox.variables).actions()), 425)


if __name__ == "__main__":
    unittest.main()
