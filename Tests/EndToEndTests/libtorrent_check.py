"""What libtorrent and transmission-show make of our torrents, and torrents by libtorrent.

    libtorrent_check.py same TORRENT SHOWN         as `mpiswarm show --json` says
    libtorrent_check.py dated TORRENT SHOWN        as `mpiswarm show --json` says
    libtorrent_check.py transmission TORRENT SHOWN as `mpiswarm show --json` says
    libtorrent_check.py seeds TORRENT FOLDER       all data below FOLDER is good
    libtorrent_check.py make FORMAT PIECE-SIZE PATH TORRENT FIELDS
    libtorrent_check.py tree FOLDER                writes files to make torrents of

Prints what differs, a line each; the exit code is 1 if anything does.
"""

import json
import os
import random
import re
import subprocess
import sys
import time

import libtorrent

SECONDS_MAX = 40


def differences(theirs, ours):
    return [
        f"{key}: theirs {theirs.get(key)!r}, ours {ours.get(key)!r}"
        for key in sorted(theirs.keys() | ours.keys())
        if theirs.get(key) != ours.get(key)
    ]


def our_view(shown):
    view = {
        "v1": shown.get("info_hash_v1"),
        "v2": shown.get("info_hash_v2"),
        "name": shown["name"],
        "piece size": shown["piece_size"],
        "private": shown["private"],
        "comment": shown.get("comment", ""),
        "size": shown["size"],
        "files": sorted((file["path"], file["size"]) for file in shown["files"]),
    }
    tiers = shown.get("announce_list")
    if tiers is None:
        tiers = [[shown["announce"]]] if "announce" in shown else []
    view["trackers"] = sorted((tier, url) for tier, urls in enumerate(tiers) for url in urls)
    return view


def their_view(torrent):
    info = libtorrent.torrent_info(torrent)
    hashes = info.info_hashes()
    files = info.files()
    listed = []
    pads = 0
    for index in range(files.num_files()):
        if files.file_flags(index) & libtorrent.file_storage.flag_pad_file:
            pads += files.file_size(index)
            continue
        path = files.file_path(index)
        prefix = info.name() + "/"
        listed.append((path.removeprefix(prefix), files.file_size(index)))
    return {
        "v1": str(hashes.v1) if hashes.has_v1() else None,
        "v2": str(hashes.v2) if hashes.has_v2() else None,
        "name": info.name(),
        "piece size": info.piece_length(),
        "private": info.priv(),
        "comment": info.comment(),
        "size": info.total_size() - pads,
        "files": sorted(listed),
        "trackers": sorted((tracker.tier, tracker.url) for tracker in info.trackers()),
    }


def same(torrent, shown):
    return differences(their_view(torrent), our_view(shown))


def transmission(torrent, shown):
    text = subprocess.run(
        ["transmission-show", torrent], capture_output=True, text=True, timeout=SECONDS_MAX,
        env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True).stdout
    general, listing = text.split("\nFILES\n", 1)
    files = [re.sub(r" \([^()]*\)$", "", line.strip()) for line in listing.splitlines()]
    prefix = shown["name"] + "/"
    files = [file.removeprefix(prefix) for file in files if file]
    trackers = re.findall(r"^\s+(http\S+)$", general, re.MULTILINE)
    urls = [url for tier in shown.get("announce_list", []) for url in tier]
    theirs = {
        "v1": re.search(r"^\s*Hash: (\w+)$", general, re.MULTILINE).group(1),
        "private": "Private torrent" in general,
        "files": sorted(file for file in files if not file.startswith(".pad/")),
        "trackers": sorted(trackers),
    }
    ours = {
        "v1": shown["info_hash_v1"],
        "private": shown["private"],
        "files": sorted(file["path"] for file in shown["files"]),
        "trackers": sorted(urls or ([shown["announce"]] if "announce" in shown else [])),
    }
    return differences(theirs, ours)


def dated(torrent, shown):
    date = libtorrent.torrent_info(torrent).creation_date()
    return differences({"date": date}, {"date": shown.get("creation_date", 0)})


def seeds(torrent, folder):
    """Adds the torrent where its data lies, with no network at all, and waits for the check."""
    session = libtorrent.session({
        "listen_interfaces": "", "enable_dht": False, "enable_lsd": False,
        "enable_upnp": False, "enable_natpmp": False})
    wanted = libtorrent.add_torrent_params()
    wanted.ti = libtorrent.torrent_info(torrent)
    wanted.save_path = folder
    wanted.trackers = []
    wanted.flags = libtorrent.torrent_flags.override_trackers
    handle = session.add_torrent(wanted)
    checking = (
        libtorrent.torrent_status.checking_files,
        libtorrent.torrent_status.checking_resume_data,
    )
    end = time.monotonic() + SECONDS_MAX
    while time.monotonic() < end:
        status = handle.status()
        if status.errc.value() != 0:
            return [f"failed: {status.errc.message()}"]
        if status.state not in checking:
            break
        time.sleep(0.02)
    if status.is_seeding:
        return []
    bad = [index for index, have in enumerate(status.pieces) if not have]
    return [f"{status.state}: pieces {bad} of {len(status.pieces)} are missing"]


def make(form, piece_size, path, torrent, fields):
    kinds = {
        "torrent-v1": libtorrent.create_torrent.v1_only,
        "torrent-v2": libtorrent.create_torrent.v2_only,
        "hybrid": 0,
    }
    files = libtorrent.file_storage()
    libtorrent.add_files(files, path)
    made = libtorrent.create_torrent(files, piece_size, kinds[form])
    made.set_comment(fields.get("comment", ""))
    made.set_priv(fields.get("private", False))
    for tier, urls in enumerate(fields.get("trackers", [])):
        for url in urls:
            made.add_tracker(url, tier)
    libtorrent.set_piece_hashes(made, os.path.dirname(path))
    with open(torrent, "wb") as output:
        output.write(libtorrent.bencode(made.generate()))
    return []


# Shorter than a piece of 16 KiB, as long, longer by one, of many pieces, empty, several times the
# same bytes, deep, and in several scripts.
SIZES = {
    "empty": 0, "zz/empty": 0, "one": 1, "-dash": 5, "under": 16383, "exact": 16384,
    "over": 16385, "a b": 16385, "sub/again": 16385, "sub/big": 200000,
    "sub/déjà vu/.hidden": 200000, "sub/déjà vu/文件夹/ñandú 🐦.txt": 40000,
}


def tree(folder):
    for name, size in SIZES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as output:
            output.write(random.Random(size).randbytes(size))
    return []


def load(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text)


def main(words):
    command, rest = words[0], words[1:]
    if command == "same":
        return same(rest[0], load(rest[1]))
    if command == "dated":
        return dated(rest[0], load(rest[1]))
    if command == "transmission":
        return transmission(rest[0], load(rest[1]))
    if command == "seeds":
        return seeds(rest[0], rest[1])
    if command == "make":
        return make(rest[0], int(rest[1]), rest[2], rest[3], json.loads(rest[4]))
    if command == "tree":
        return tree(rest[0])
    sys.exit(f"{command} is no command")


found = main(sys.argv[1:])
print("\n".join(found))
sys.exit(1 if found else 0)
