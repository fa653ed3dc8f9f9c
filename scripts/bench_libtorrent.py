"""One seed and some receivers of libtorrent, a process each, on this machine: the yardstick of
bench-stage. Arguments: the file, the folder for the copies, and how many there are."""

import os
import sys
import time

import libtorrent

PORT = 46000
SETTINGS = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "allow_multiple_connections_per_ip": True,
    "rate_limit_ip_overhead": False,
    "aio_threads": 2,
}


def session(number):
    settings = dict(SETTINGS, listen_interfaces=f"127.0.0.1:{PORT + number}")
    return libtorrent.session(settings)


def describe(path):
    files = libtorrent.file_storage()
    libtorrent.add_files(files, path)
    torrent = libtorrent.create_torrent(files)
    libtorrent.set_piece_hashes(torrent, os.path.dirname(path))
    return libtorrent.torrent_info(torrent.generate())


def peer(info, folder, number, count):
    """A peer with its own folder: number 0 has the file already."""
    own = session(number)
    os.makedirs(folder, exist_ok=True)
    handle = own.add_torrent({"ti": info, "save_path": folder})
    for other in range(count + 1):
        if other != number:
            handle.connect_peer(("127.0.0.1", PORT + other))
    return own, handle


def main():
    path, folder, count = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    info = describe(path)
    children = []
    for number in range(count + 1):
        child = os.fork()
        if child:
            children.append(child)
            continue
        place = os.path.dirname(path) if number == 0 else os.path.join(folder, str(number))
        own, handle = peer(info, place, number, count)
        while not handle.status().is_seeding or number == 0:
            time.sleep(0.005)
            if number == 0 and os.path.exists(os.path.join(folder, "done")):
                break
        # A receiver that is done goes on serving until all are.
        while number != 0 and not os.path.exists(os.path.join(folder, "done")):
            open(os.path.join(folder, f"finished-{number}"), "w").close()
            time.sleep(0.005)
        os._exit(0)
    while sum(name.startswith("finished-") for name in os.listdir(folder)) < count:
        time.sleep(0.005)
    open(os.path.join(folder, "done"), "w").close()
    for child in children:
        os.waitpid(child, 0)


main()
