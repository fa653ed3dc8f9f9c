"""One seed and some receivers of libtorrent, the yardstick of `make bench`.

Usage: bench_libtorrent.py FILE FOLDER COUNT [--node I MEETING]

A process for the seed and for each of COUNT receivers, on this machine. With --node this process is
peer I alone, on the node with the address 10.199.0.(10 + I): it says in the folder MEETING that it
is ready and that it has finished, begins when `go` stands there and ends when `done` does.
"""

import os
import sys
import time

import libtorrent

PORT = 46000
PAUSE = 0.005
SETTINGS = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "allow_multiple_connections_per_ip": True,
    "rate_limit_ip_overhead": False,
    "aio_threads": 2,
}


def session(address):
    settings = dict(SETTINGS, listen_interfaces=f"{address[0]}:{address[1]}")
    return libtorrent.session(settings)


def describe(path):
    files = libtorrent.file_storage()
    libtorrent.add_files(files, path)
    torrent = libtorrent.create_torrent(files)
    libtorrent.set_piece_hashes(torrent, os.path.dirname(path))
    return libtorrent.torrent_info(torrent.generate())


def wait_for(path):
    while not os.path.exists(path):
        time.sleep(PAUSE)


def peer(info, folder, number, addresses, meeting):
    """Peer 0 has the file already. A receiver that is done goes on serving until all are."""
    own = session(addresses[number])
    os.makedirs(folder, exist_ok=True)
    handle = own.add_torrent({"ti": info, "save_path": folder})
    open(os.path.join(meeting, f"ready-{number}"), "w").close()
    wait_for(os.path.join(meeting, "go"))
    for other, address in enumerate(addresses):
        if other != number:
            handle.connect_peer(address)
    while not handle.status().is_seeding:
        time.sleep(PAUSE)
    open(os.path.join(meeting, f"finished-{number}"), "w").close()
    wait_for(os.path.join(meeting, "done"))


def on_this_machine(info, path, folder, count):
    addresses = [("127.0.0.1", PORT + number) for number in range(count + 1)]
    open(os.path.join(folder, "go"), "w").close()
    children = []
    for number in range(count + 1):
        child = os.fork()
        if child:
            children.append(child)
            continue
        place = os.path.dirname(path) if number == 0 else os.path.join(folder, str(number))
        peer(info, place, number, addresses, folder)
        os._exit(0)
    for number in range(1, count + 1):
        wait_for(os.path.join(folder, f"finished-{number}"))
    open(os.path.join(folder, "done"), "w").close()
    for child in children:
        os.waitpid(child, 0)


def main():
    path, folder, count = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    info = describe(path)
    if len(sys.argv) == 4:
        return on_this_machine(info, path, folder, count)
    number, meeting = int(sys.argv[5]), sys.argv[6]
    place = os.path.dirname(path) if number == 0 else folder
    addresses = [(f"10.199.0.{10 + node}", PORT) for node in range(count + 1)]
    peer(info, place, number, addresses, meeting)
    # libtorrent may take seconds to say goodbye.
    os._exit(0)


main()
