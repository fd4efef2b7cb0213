"""Drives a device with smpclient, one JSON order a line on stdin, one JSON answer a line on stdout."""

import asyncio
import functools
import json
import sys
import time

from smpclient import SMPClient
from smpclient.generics import error, success
from smpclient.requests import (
    enumeration_management,
    file_management,
    image_management,
    os_management,
    settings_management,
    shell_management,
    statistics_management,
)
from smpclient.transport.serial import SMPSerialRawTransport, SMPSerialTransport
from smpclient.transport.udp import SMPUDPTransport

from plain import plain

GROUPS = {
    "enum": enumeration_management,
    "fs": file_management,
    "image": image_management,
    "os": os_management,
    "settings": settings_management,
    "shell": shell_management,
    "stat": statistics_management,
}


def transport_for(address):
    kind, _, rest = address.partition(":")
    if kind == "udp":
        host, _, port = rest.removeprefix("//").rpartition(":")
        transport = SMPUDPTransport()
        transport.connect = functools.partial(transport.connect, port=int(port))
        return transport, host
    return (SMPSerialRawTransport() if kind == "raw" else SMPSerialTransport()), rest


def body(response):
    dumped = response.model_dump(exclude_none=True)
    return plain({k: v for k, v in dumped.items() if k not in ("header", "version", "sequence", "smp_data")})


async def obey(client, order):
    if order["do"] == "upload":
        image = open(order["file"], "rb").read()
        began = time.monotonic()
        offsets = [offset async for offset in client.upload(image, first_timeout_s=20)]
        return {"last": offsets[-1], "seconds": time.monotonic() - began, "chunks": len(offsets)}
    if order["do"] == "put":
        offsets = [offset async for offset in client.upload_file(open(order["file"], "rb").read(), order["path"])]
        return {"last": offsets[-1]}
    if order["do"] == "get":
        return {"text": (await client.download_file(order["path"])).decode()}
    fields = {key: bytes.fromhex(part["hex"]) if isinstance(part, dict) else part for key, part in order["with"].items()}
    response = await client.request(getattr(GROUPS[order["group"]], order["do"])(**fields), timeout_s=5)
    if success(response):
        return body(response)
    assert error(response)
    return {"refused": body(response)}


async def main():
    transport, host = transport_for(sys.argv[1])
    async with SMPClient(transport, host) as client:
        for line in sys.stdin:
            try:
                answer = await obey(client, json.loads(line))
            except Exception as problem:  # noqa: BLE001 - the test reads what went wrong
                answer = {"failed": f"{type(problem).__name__}: {problem}"}
            print(json.dumps(answer, default=str), flush=True)


asyncio.run(main())
