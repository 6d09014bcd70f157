"""Signed tree heads and Merkle trees: C2SP signed-note, tlog-checkpoint and tlog-proof, RFC 6962, RFC 9162."""

import hashlib
import re

from ed25519 import is_signed
from said import b64

SPKI = bytes.fromhex("302a300506032b6570032100")
HEAD = re.compile(
    r"([^\n+]+)/(0|[1-9][0-9]*)\n(0|[1-9][0-9]{0,12})\n([^\n]{43}=)\nfirst-offset [0-9]+\nlast-offset [0-9]+\n"
    r"signed-at ([^\n]+)\naccounting ([^\n]{43}=)\n"
)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def is_signed_by(message, signature, spki):
    return len(spki) == 44 and spki[:12] == SPKI and is_signed(message, signature, spki[12:])


class Head:
    def __init__(self, note, log, place, size, root, signed_at, accounting, key):
        self.note, self.origin, self.size, self.signed_at = note, f"{log}/{place}", int(size), signed_at
        self.root, self.accounting = b64(root), b64(accounting)
        self.fingerprint = sha256(SPKI + key).hex()


def open_checkpoint(note, vkeys, partition):
    """The head that a key of its own log has signed; None where none has."""
    split = note.rfind("\n\n") + 1
    body, lines = note[:split], note[split:].split("\n")
    found = HEAD.fullmatch(body)
    if found is None or int(found[2]) != partition:
        return None
    log = found[1]
    for vkey in vkeys:
        parts = re.fullmatch(r"([0-9a-f]{8})\+([^\n]+)", vkey[len(log) + 1 :]) if vkey.startswith(f"{log}+") else None
        key = b64(parts[2]) if parts else b""
        if len(key) != 33 or key[0] != 1 or sha256(f"{log}\n".encode(), key)[:4].hex() != parts[1]:
            continue
        begin = f"— {log} "
        signatures = [b64(line[len(begin) :]) for line in lines if line.startswith(begin)]
        own = next((one[4:] for one in signatures if one[:4].hex() == parts[1]), b"")
        if is_signed(body.encode(), own, key[1:]):
            return Head(note, *found.groups(), key[1:])
    return None


def node(left, right):
    return sha256(b"\x01", left, right)


def left_of(width):
    return 1 << (width - 1).bit_length() - 1


def root_of(rows, size, hashes, of=-1):
    """The root over leaves (index, hash) and the hashes between them, with the inclusion proof of one; None where any is left."""
    rows, hashes, path = list(reversed(rows)), list(reversed(hashes)), []

    def subtree(begin, end):
        if not rows or rows[-1][0] >= end:
            return hashes.pop() if hashes else b""
        if end - begin == 1:
            return rows.pop()[1]
        middle = begin + left_of(end - begin)
        left = subtree(begin, middle)
        right = subtree(middle, end)
        if begin <= of < end:
            path.append(right if of < middle else left)
        return node(left, right)

    root = subtree(0, size)
    return (None, path) if rows or hashes else (root, path)


def is_consistent(first, second, proof):
    """RFC 9162, 2.1.4.2."""
    if first.size == 0:
        return not proof
    if first.size > second.size:
        return False
    if first.size == second.size:
        return not proof and first.root == second.root
    path = list(proof)
    if first.size & (first.size - 1) == 0:
        path.insert(0, first.root)
    if not path:
        return False
    fn, sn = first.size - 1, second.size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for one in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node(one, old), node(one, new)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node(new, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first.root and new == second.root


def proof_text(index, path, head):
    from base64 import b64encode

    lines = "".join(b64encode(one).decode() + "\n" for one in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{lines}\n{head.note}"
