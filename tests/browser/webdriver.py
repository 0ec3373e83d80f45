"""A browser driven over the WebDriver protocol, with nothing but Python's standard library."""
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DRIVER = ("chromedriver", "chromium-driver")


def found(names):
    return next(filter(None, map(shutil.which, names)), None)


def missing():
    """What a test would need and this machine has not."""
    return [names[0] for names in (CHROMIUM, DRIVER) if not found(names)]


class Browser:
    """A fresh headless browser with its profile and downloads in `folder`."""

    def __init__(self, folder, language="en"):
        folder = Path(folder)
        self.downloads = folder / "downloads"
        self.downloads.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.driver = subprocess.Popen([found(DRIVER), f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{port}"
        arguments = [
            "--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--window-size=1200,900", f"--lang={language}", f"--user-data-dir={folder / 'profile'}",
        ]
        options = {
            "binary": found(CHROMIUM), "args": arguments,
            "prefs": {"download.default_directory": str(self.downloads), "download.prompt_for_download": False},
        }
        capabilities = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}}
        self.session = f"/session/{self.until(lambda: self.started(capabilities), 30)}"

    def started(self, capabilities):
        try:
            session = self.call("POST", "/session", capabilities)
        except urllib.error.URLError:
            return None
        told = session["capabilities"]
        self.name = f"{told['browserName']} {told['browserVersion']}"
        return session["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise RuntimeError(f"{path}: {value['error']}: {value['message'].splitlines()[0]}") from None

    def do(self, what, body=None, method="POST"):
        return self.call(method, self.session + what, {} if body is None and method == "POST" else body)

    def open(self, address):
        self.do("/url", {"url": "about:blank"})
        self.do("/url", {"url": address})

    def run(self, script, *arguments):
        return self.do("/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """A script that calls its last argument when it is done."""
        return self.do("/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.do("/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.do(f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        element = self.find(selector)
        self.do(f"/element/{element}/clear")
        self.do(f"/element/{element}/value", {"text": text})

    def press(self, *keys):
        """Keys to whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.do("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def choose(self, name, value):
        self.run("const s = document.querySelector(`select[name=${arguments[0]}]`); s.value = arguments[1]; s.dispatchEvent(new Event('change'));", name, value)

    def size(self, width, height):
        self.do("/window/rect", {"width": width, "height": height})

    @contextmanager
    def media(self, kind, scheme):
        """For a while, a screen or paper, light or dark."""
        def emulate(kind, scheme):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            self.do("/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": kind, "features": features}})

        emulate(kind, scheme)
        try:
            yield
        finally:
            emulate("", "")

    def screenshot(self, path):
        import base64
        Path(path).write_bytes(base64.b64decode(self.do("/screenshot", method="GET")))

    def complaints(self):
        """What the browser's console has said since last asked, but for notes."""
        return [entry["message"] for entry in self.do("/se/log", {"type": "browser"}) if entry["level"] in ("SEVERE", "WARNING")]

    def downloaded(self, name):
        path = self.downloads / name
        # The browser puts an empty file in its place first, and the whole one over it in the end.
        unfinished = lambda: any(self.downloads.glob("*.crdownload"))
        self.until(lambda: path.exists() and path.stat().st_size > 0 and not unfinished(), 20)
        return path

    @staticmethod
    def until(done, seconds):
        end = time.monotonic() + seconds
        while True:
            value = done()
            if value or time.monotonic() > end:
                if not value:
                    raise TimeoutError
                return value
            time.sleep(0.05)

    def close(self):
        try:
            self.do("", method="DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait()
