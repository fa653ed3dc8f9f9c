"""aria2 on emulated nodes. Its peers find each other only through a tracker, so there is one."""

import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PORT = 6969
TRACKER = f"http://10.199.0.10:{PORT}/announce"
OPTIONS = [
    "--enable-dht=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false",
    "--seed-ratio=0", "--bt-seed-unverified=true", "--file-allocation=none",
    "--check-certificate=false", "--listen-port=6881", "--summary-interval=0",
    "--console-log-level=error", "--allow-overwrite=true", "--bt-max-peers=0",
    "--bt-request-peer-speed-limit=1000M", "--bt-tracker-interval=1",
]


class Tracker(http.server.BaseHTTPRequestHandler):
    """Names to each peer all that have ever asked."""

    peers = set()
    lock = threading.Lock()

    def do_GET(self):
        port = int(parse_qs(urlsplit(self.path).query)["port"][0])
        address = socket.inet_aton(self.client_address[0]) + port.to_bytes(2, "big")
        with self.lock:
            self.peers.add(address)
            known = b"".join(self.peers)
        answer = b"d8:intervali1e12:min intervali1e5:peers%d:%be" % (len(known), known)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass


def is_there():
    return shutil.which("aria2c") is not None


def spread_with(program, nodes, count, data, local, meeting):
    """The seconds from the start of all peers until the last one has the file. `program` makes the
    torrent, and `nodes` begins the command that runs on a node. Peer 0 has the file."""
    shutil.rmtree(meeting, ignore_errors=True)
    meeting.mkdir()
    torrent = meeting / "data.torrent"
    subprocess.run(
        [program, "make", "--format", "torrent-v1", "--announce", TRACKER, data, "--output",
         torrent], check=True, stdout=subprocess.DEVNULL)
    # aria2 gives its script a number, the count of files, and the first path.
    done = meeting / "done.sh"
    done.write_text(f'#!/bin/sh\ntouch "{meeting}/finished-$NODE"\n')
    done.chmod(0o755)

    def on(node, *command):
        return subprocess.Popen(
            ["timeout", "-k", "5", "300", *nodes, "exec", str(node), *map(str, command)],
            stdout=subprocess.DEVNULL)

    started = [on(0, sys.executable, "-B", Path(__file__).resolve())]
    time.sleep(1)
    began = time.monotonic()
    for node in range(count):
        folder = data.parent if node == 0 else local
        started.append(
            on(node, "env", f"NODE={node}", "aria2c", *OPTIONS, "--dir", folder,
               "--on-bt-download-complete", done, torrent))
    waiting = {meeting / f"finished-{node}" for node in range(1, count)}
    while not all(path.exists() for path in waiting):
        if any(process.poll() is not None for process in started):
            sys.exit("bench: aria2, or its tracker, has ended early")
        time.sleep(0.005)
    seconds = time.monotonic() - began
    for process in started:
        process.terminate()
    for process in started:
        process.wait()
    return seconds


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("", PORT), Tracker).serve_forever()
