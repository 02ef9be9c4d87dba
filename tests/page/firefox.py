"""Firefox, headless, spoken to over Marionette, the protocol that it has built in: nothing but Debian's browser and Python is needed."""
import base64
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time


class Firefox:
    """One page of a headless Firefox."""

    def __init__(self, program):
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="hersurv-firefox-"))
        # Port 0: a free one, which Firefox writes into its profile.
        (self.profile / "user.js").write_text('user_pref("marionette.port", 0);\nuser_pref("browser.shell.checkDefaultBrowser", false);\nuser_pref("datareporting.policy.dataSubmissionEnabled", false);\n')
        self.process = subprocess.Popen([program, "--headless", "--marionette", "--no-remote", "--profile", str(self.profile)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.number, self.rest = 0, b""
        port = self._port(60)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._take()  # the greeting
        self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})

    def _port(self, seconds):
        file, end = self.profile / "MarionetteActivePort", time.monotonic() + seconds
        while time.monotonic() < end:
            if file.exists() and file.read_text().strip():
                return int(file.read_text())
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("Firefox did not open its port")

    def _take(self):
        while b":" not in self.rest:
            self._receive()
        length, self.rest = self.rest.split(b":", 1)
        while len(self.rest) < int(length):
            self._receive()
        text, self.rest = self.rest[:int(length)], self.rest[int(length):]
        return json.loads(text)

    def _receive(self):
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise RuntimeError("Firefox ended")
        self.rest += piece

    def call(self, command, **parameters):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(str(len(text)).encode() + b":" + text)
        while True:
            message = self._take()
            if message[0] == 1 and message[1] == self.number:
                if message[2]:
                    raise RuntimeError(f"{command}: {message[2].get('message')}")
                return message[3]

    def open(self, address):
        self.call("WebDriver:Navigate", url=address)

    def run(self, script):
        """The value of an expression (a promise is awaited)."""
        wrapped = ("const done = arguments[arguments.length - 1];"
                   f"Promise.resolve().then(() => ({script})).then(value => done([value]), error => done({{error: String(error)}}));")
        value = self.call("WebDriver:ExecuteAsyncScript", script=wrapped, args=[])["value"]
        if isinstance(value, dict):
            raise RuntimeError(value["error"] + "\n" + script)
        return value[0]

    def size(self, width, height):
        self.call("WebDriver:SetWindowRect", width=width, height=height)

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("WebDriver:TakeScreenshot", full=False)["value"]))

    def pdf(self, path):
        path.write_bytes(base64.b64decode(self.call("WebDriver:Print", page={"width": 21, "height": 29.7}, background=False)["value"]))

    def close(self):
        try:
            self.call("Marionette:Quit")
        except (RuntimeError, OSError):
            pass
        self.socket.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
