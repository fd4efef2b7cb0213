"""Drives a device with mcumgr-toolkit, one JSON order a line on stdin, one JSON answer a line on stdout."""

import json
import sys
import time

from mcumgr_toolkit import MCUmgrClient

from plain import plain


def connect(address):
    kind, _, rest = address.partition(":")
    if kind == "udp":
        host, _, port = rest.removeprefix("//").rpartition(":")
        return MCUmgrClient.udp(host, int(port), timeout_ms=5000)
    if kind == "raw":
        return MCUmgrClient.raw_serial(rest, 115200, timeout_ms=5000)
    return MCUmgrClient.serial(rest, 115200, timeout_ms=5000)


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
