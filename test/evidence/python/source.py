"""A bundle's files: of a folder, or of a zip that is read where it lies (docs/evidence.md, "The zip")."""

import os
import re
import struct
import zlib
import hashlib

NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*")
MOST = 64 * 1024**2


class Unreadable(Exception):
    pass


def checked(names):
    seen = set()
    for name in names:
        if not NAME.fullmatch(name):
            raise Unreadable(f"{name!r} is no name of a file in a bundle")
        if name.lower() in seen:
            raise Unreadable(f"{name} is there twice")
        seen.add(name.lower())
    return names


class Folder:
    def __init__(self, path):
        self.path = path
        names = []
        for at, folders, files in os.walk(path):
            for name in files + [one for one in folders if os.path.islink(os.path.join(at, one))]:
                whole = os.path.join(at, name)
                if os.path.islink(whole) or not os.path.isfile(whole):
                    raise Unreadable(f"{whole} is no plain file")
                names.append(os.path.relpath(whole, path).replace(os.sep, "/"))
        self.names = checked(names)

    def read(self, name):
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                return file.read()
        except OSError:
            raise Unreadable(f"{name} cannot be read") from None

    def packed(self, name):
        return None


class Zip:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.entries = {}
        names = []
        for entry in self._listed():
            names.append(entry[0])
            self.entries[entry[0]] = entry
        self.names = checked(names)

    def _listed(self):
        """Every byte that is no file's is the one that the list of contents implies."""
        bytes_ = self.bytes
        if len(bytes_) < 22 or bytes_[-22:-18] != b"PK\x05\x06":
            raise Unreadable("it is no zip")
        length, start = struct.unpack_from("<II", bytes_, len(bytes_) - 10)
        if start + length + 22 != len(bytes_):
            raise Unreadable("the list of contents is not where it is said to be")
        at, next_, central, found = start, 0, b"", []
        while at < start + length:
            if at + 46 > start + length:
                raise Unreadable("the list of contents is cut short")
            method, = struct.unpack_from("<H", bytes_, at + 10)
            crc, packed, size, name_length = struct.unpack_from("<IIIH", bytes_, at + 16)
            place, = struct.unpack_from("<I", bytes_, at + 42)
            name = bytes_[at + 46 : min(at + 46 + name_length, start + length)]
            if method not in (0, 8):
                raise Unreadable("a file is packed in a way that a bundle’s is not")
            fields = struct.pack("<HHHHHIIIHH", 20, 0x0800, method, 0, 0x21, crc, packed, size, len(name), 0)
            local = b"PK\x03\x04" + fields + name
            central += b"PK\x01\x02\x14\x03" + fields + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, place) + name
            if place != next_ or bytes_[next_ : next_ + len(local)] != local:
                raise Unreadable(f"{name!r}: its header is not the one that is implied")
            found.append((name.decode("latin-1"), method, place + len(local), packed, size))
            next_ += len(local) + packed
            at += 46 + len(name)
        count = len(found)
        if count > 0xFFFF:
            raise Unreadable("more files than a zip has")
        end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), start, 0)
        if next_ != start or central + end != bytes_[start:]:
            raise Unreadable("the list of contents is not as a bundle has it")
        return found

    def _packed(self, name):
        if name not in self.entries:
            raise Unreadable(f"{name} is missing")
        _, method, at, packed, size = self.entries[name]
        return method, self.bytes[at : at + packed], size

    def read(self, name):
        method, raw, size = self._packed(name)
        if method == 8:
            try:
                inflate = zlib.decompressobj(-15)
                raw = inflate.decompress(raw, size + 1)
                if not inflate.eof and len(raw) <= size:
                    raw += inflate.decompress(inflate.unconsumed_tail, 1)
                if not inflate.eof or inflate.unused_data:
                    raise Unreadable(f"{name} cannot be unpacked")
            except zlib.error:
                raise Unreadable(f"{name} cannot be unpacked") from None
        if len(raw) != size:
            raise Unreadable(f"{name} holds other than what is listed")
        return raw

    def packed(self, name):
        method, raw, _ = self._packed(name)
        return None if method == 0 else hashlib.sha256(raw).hexdigest()


def opened(path):
    return Folder(path) if os.path.isdir(path) else Zip(path)
