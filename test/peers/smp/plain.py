"""What the foreign tools return, as JSON can carry it."""


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
