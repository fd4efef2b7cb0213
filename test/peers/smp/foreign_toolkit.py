"""Drives a device with mcumgr-toolkit, one JSON order a line on stdin, one JSON answer a line on stdout."""

import json
import sys
import time

from mcumgr_toolkit import MCUmgrClient


def connect(address):
    kind, _, rest = address.partition(":")
    if kind == "udp":
        host, _, port = rest.removeprefix("//").rpartition(":")
        return MCUmgrClient.udp(host, int(port), timeout_ms=5000)
    if kind == "raw":
        return MCUmgrClient.raw_serial(rest, 115200, timeout_ms=5000)
    return MCUmgrClient.serial(rest, 115200, timeout_ms=5000)


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return {name: plain(getattr(value, name)) for name in dir(value) if not name.startswith("_")}


def obey(client, order):
    args = [bytes.fromhex(part["hex"]) if isinstance(part, dict) else part for part in order.get("args", [])]
    if order["do"] in ("upload", "put"):
        args.append(open(order["file"], "rb").read())
    began = time.monotonic()
    name = {"upload": "image_upload", "put": "fs_file_upload"}.get(order["do"], order["do"])
    value = plain(getattr(client, name)(*args))
    return {"value": value, "seconds": time.monotonic() - began}


with connect(sys.argv[1]) as client:
    client.use_auto_frame_size()
    for line in sys.stdin:
        try:
            answer = obey(client, json.loads(line))
        except Exception as problem:  # noqa: BLE001 - the test reads what went wrong
            answer = {"failed": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer, default=str), flush=True)
