"""
A second verifier of evidence bundles, written from docs/evidence.md alone: Python 3.11, its standard library.

    python3 verify.py BUNDLE [--key FINGERPRINT] [--ledger FINGERPRINT] [--proof EVENT]
    python3 verify.py --serve        one request a line, as JSON ({"path": …, "key": …}), one answer a line
"""

import functools
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta

# Nothing is left behind where it lies.
sys.dont_write_bytecode = True

import accounts
from said import Bytes, Number, at, b64, canonical, csv_line, loose, many, text
from source import MOST, Unreadable, opened
from trees import is_consistent, is_signed_by, open_checkpoint, proof_text, root_of, sha256

MEDIA = "application/vnd.trailhouse.{}+json"
TIME = re.compile(r"[0-9]{4}-(0[0-9]|1[0-2])-[0-3][0-9]T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
OTHERS = re.compile(
    r"request\.json|summary\.html|README\.txt|verify\.mjs|settings/retention\.json"
    r"|settings/certificates/[0-9a-f-]{36}\.(json|events\.csv)|schemas/audit-event\.v[1-9][0-9]{0,3}\.avsc"
    r"|controls/[A-Za-z0-9_.-]+/README\.txt|oscal/assessment-results\.json"
)
LAYOUTS = {1: "tnnsnnnnssnsnnsssstt"}
CERTIFICATES = "settings/certificates"


class Run:
    def __init__(self, source, manifest, pins):
        self.source, self.manifest, self.pins = source, manifest, pins
        self.problems, self.notes, self.ids, self.erased = [], [], set(), {}
        self.events = self.rows = self.gone = self.certified = 0
        self.proof = None

    def wrong(self, file, reason, row=None):
        if len(self.problems) < 1000:
            self.problems.append([file, row, reason])

    def guarded(self, place, check, *given):
        try:
            check(*given)
        except (Unreadable, ValueError, OverflowError, RecursionError) as error:
            self.wrong(place, str(error))


def lines(source, name):
    whole = source.read(name)
    if whole and not whole.endswith(b"\n"):
        raise Unreadable(f"{name}: its last line does not end")
    for number, line in enumerate(whole.split(b"\n")[:-1], 1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            raise Unreadable(f"{name}, line {number}: is no UTF-8") from None


def whole(source, name, most=MOST):
    found = source.read(name)
    if len(found) > most:
        raise Unreadable(f"{name} is larger than any bundle’s")
    return found


def pae(media, payload):
    return f"DSSEv1 {len(media)} {media} {len(payload)} ".encode() + payload


def envelope(bytes_):
    said = loose(bytes_)
    signatures = many(said, "signatures")
    return text(said, "payloadType"), b64(text(said, "payload")), b64(text(signatures[0] if signatures else None, "sig"))


def whole_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value) and abs(value) < 2**53


def instant(micros):
    return (datetime(1970, 1, 1) + timedelta(microseconds=micros)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def check_form(run):
    said = run.manifest
    request = at(said, "request")
    partitions = [at(tree, "partition") for tree in many(said, "ledger")]
    paths = [text(one, "path") for one in many(said, "questions")]
    ordered = all(whole_number(one) and one >= 0 for one in partitions) and partitions == sorted(set(partitions))
    checks = [
        (at(said, "format") == "trailhouse.evidence/1", "format"),
        (at(said, "time_zone") == "UTC", "time_zone"),
        (all(TIME.fullmatch(text(request, name)) for name in ("from", "to", "asked_at")), "times"),
        (text(request, "from") < text(request, "to"), "period"),
        (text(request, "profile") in ("masked", "full"), "profile"),
        (ordered, "partitions"),
        (len(set(paths)) == len(paths) and all(re.fullmatch(r"questions/[a-z0-9-]+", one) for one in paths), "questions"),
    ]
    for holds, name in checks:
        if not holds:
            run.wrong("manifest.json", name)
    if loose(whole(run.source, "request.json")) != request:
        run.wrong("request.json", "is not the request of the manifest")


def files_of(manifest):
    found = set()
    for tree in many(manifest, "ledger"):
        place = at(tree, "partition")
        names = ("checkpoint", "checkpoint.first", "accounting.jsonl", "rows.hashes", "consistency.hashes")
        found.update([f"events/{place}.jsonl", *(f"ledger/{place}/{name}" for name in names)])
    for question in many(manifest, "questions"):
        names = ("rows.jsonl", "rows.csv", "query.sql", "question.json")
        found.update(f"{text(question, 'path')}/{name}" for name in names)
    return found


def check_files(run):
    check_form(run)
    known, listed, there = files_of(run.manifest), {"manifest.json", "manifest.dsse.json"}, set(run.source.names)
    for file in many(run.manifest, "files"):
        name = text(file, "path")
        if name in listed:
            run.wrong(name, "is in the manifest twice")
        listed.add(name)
        if name not in there:
            run.wrong(name, "is missing")
            continue
        if name not in known and not OTHERS.fullmatch(name):
            run.wrong(name, "is no file that a bundle has")
            continue
        try:
            is_same = hashlib.sha256(run.source.read(name)).hexdigest() == text(file, "sha256")
        except Unreadable:
            is_same = False
        if not is_same:
            run.wrong(name, "was altered")
        elif run.source.packed(name) not in (None, text(file, "packed")):
            run.wrong(name, "was altered as it is packed")
    for name in run.source.names:
        if name not in listed:
            run.wrong(name, "is not in the manifest")


@functools.lru_cache(maxsize=262144)
def read_event(line, begin, end, profile):
    """The line's values, and what is wrong with it. A function of nothing but these."""
    said = canonical(line)
    leaf, kind, index = b64(text(said, "leaf")), text(said, "kind"), at(said, "index")
    if not isinstance(said, dict) or len(leaf) != 32 or not isinstance(index, Number) or not whole_number(index) or index < 0:
        return None, "is no event"
    is_erased = at(said, "erased") is True
    is_open = profile == "full" and kind == "row" and not is_erased
    form = ["kind", "index", "offset", "event_id", "occurred_at", "action", "outcome", "actor"]
    form += (["erased", "certificate"] if is_erased else []) + ["leaf", "public", "inner"] + (["personal", "salt"] if is_open else [])
    if list(said) != (["kind", "index", "offset", "leaf"] if kind == "due" else form):
        return None, "has other fields"
    if kind == "due":
        return (int(index), leaf, said), None
    public, inner = b64(text(said, "public")), b64(text(said, "inner"))
    if len(inner) != 32 or sha256(b"\0", public, inner) != leaf:
        return None, "its bytes do not make its leaf"
    salt, personal = b64(text(said, "salt")), b64(text(said, "personal"))
    if is_open and (len(salt) != 16 or sha256(salt, personal) != inner):
        return None, "its personal bytes do not make their hash"
    try:
        words = words_of(public)
        if is_open:
            cursor = Bytes(personal)
            id_, email = cursor.string(), cursor.string()
            words["actor"] = email or id_
    except (ValueError, OverflowError) as error:
        return None, str(error)
    for name, word in words.items():
        if at(said, name) != word:
            return None, f"{name} is not what its bytes say"
    is_inside = begin[:19] <= text(said, "occurred_at") < end[:19]
    return ((int(index), leaf, said), None) if kind == ("row" if is_inside else "between") else (None, "is of another time")


def words_of(public):
    head = Bytes(public)
    head.string()
    layout = LAYOUTS.get(head.long())
    if layout is None:
        raise ValueError("is of a schema that this verifier does not know")
    cursor = Bytes(public)
    read = {"t": cursor.string, "s": lambda: cursor.take(cursor.long()), "n": cursor.long}
    found = [read[kind]() for kind in layout]
    return {"event_id": found[0], "occurred_at": instant(found[10]), "action": found[18], "outcome": found[19]}


def read_events(run, file, most):
    request, rows, wanted = at(run.manifest, "request"), [], None
    for number, line in enumerate(lines(run.source, file), 1):
        if not whole_number(most) or number > most:
            raise Unreadable(f"{file}: has more lines than the manifest says")
        found, fault = read_event(line, text(request, "from"), text(request, "to"), text(request, "profile"))
        if found is not None and rows and found[0] <= rows[-1][0]:
            found, fault = None, "is out of order, or there twice"
        if found is None:
            run.wrong(file, fault, number)
            continue
        index, leaf, said = found
        run.gone += index - rows[-1][0] - 1 if rows else 0
        rows.append((index, leaf))
        id_ = text(said, "event_id")
        if at(said, "erased") is True:
            run.erased.setdefault(text(said, "certificate"), {})[id_] = b64(text(said, "inner")).hex()
        if id_ and id_ == run.pins.get("proof"):
            wanted = index
        if said["kind"] == "row":
            run.events += 1
            if id_ in run.ids:
                run.wrong(file, "is an event that is there already", number)
            run.ids.add(id_)
    return rows, wanted


def check_tree(run, tree):
    source, partition, most = run.source, at(tree, "partition"), at(tree, "lines")
    folder, file = f"ledger/{partition}", f"events/{partition}.jsonl"
    vkeys = [one for one in many(run.manifest, "keys", "ledger") if isinstance(one, str)]
    rows, wanted = read_events(run, file, most)

    def head(name):
        found = open_checkpoint(whole(source, f"{folder}/{name}").decode("utf-8", "replace"), vkeys, partition)
        if found is None:
            raise Unreadable(f"{folder}/{name} is signed by none of the ledger’s keys")
        if run.pins.get("ledger") not in (None, found.fingerprint):
            run.wrong(f"{folder}/{name}", "is signed by another key of a ledger than was named")
        return found

    def hashes(name):
        found = whole(source, f"{folder}/{name}", 32 * 64 * (len(rows) + 1))
        return [found[place : place + 32] for place in range(0, len(found), 32)]

    first, last = head("checkpoint.first"), head("checkpoint")
    root, path = root_of(rows, last.size, hashes("rows.hashes"), -1 if wanted is None else wanted)
    if root != last.root:
        run.wrong(file, "its rows and their hashes do not make the tree")
    elif wanted is not None:
        run.proof = proof_text(wanted, path, last)
    if last.size != at(tree, "size") or len(rows) != most:
        run.wrong("manifest.json", "says other of a partition than there is")
    if first.origin != last.origin or not is_consistent(first, last, hashes("consistency.hashes")):
        run.wrong(f"{folder}/consistency.hashes", "do not lead from the first to the last")
    check_accounts(run, partition, rows, vkeys)


def check_accounts(run, partition, rows, vkeys):
    file = f"ledger/{partition}/accounting.jsonl"
    raw, start, size = {}, 0, 0
    for number, line in enumerate(lines(run.source, file), 1):
        said = canonical(line)
        head = None
        if isinstance(said, dict) and list(said) == ["checkpoint", "statement"]:
            head = open_checkpoint(text(said, "checkpoint"), vkeys, partition)
        statement = text(said, "statement")
        words = statement.split("\n")
        if head is None or sha256(statement.encode()) != head.accounting or len(words) < 6:
            raise Unreadable(f"line {number} is no statement that the ledger signed")
        previous = re.fullmatch(r"previous ([0-9]+)", words[3])
        if words[1] != head.origin or words[2] != str(head.size) or words[-1] != "" or previous is None:
            raise Unreadable(f"line {number} is no statement that the ledger signed")
        before = int(previous[1])
        if number > 1 and before not in (size, 0):
            run.wrong(file, "does not continue the one before", number)
        if before == 0:
            raw.clear()
        start = before if number == 1 or before == 0 else start
        accounts.take(words[5:-1], raw)
        size = head.size
    if start > (rows[0][0] if rows else 0) or size <= (rows[-1][0] if rows else -1):
        run.wrong(file, "does not reach over the events of the bundle")
    run.notes.extend(one for name, standing in raw.items() for one in standing.words(name))


def check_question(run, question):
    json_, csv = (f"{text(question, 'path')}/rows.{kind}" for kind in ("jsonl", "csv"))
    columns = [one if isinstance(one, str) else "" for one in many(question, "columns")]
    told, same, strangers, row = lines(run.source, csv), True, 0, 0

    def is_next(cells):
        return all(next(told, None) == line for line in csv_line(cells)[:-1].split("\n"))

    same = is_next(columns)
    if not same:
        run.wrong(csv, "has other columns than the manifest", 1)
    for row, line in enumerate(lines(run.source, json_), 1):
        cells = canonical(line)
        if not isinstance(cells, dict) or list(cells) != columns:
            run.wrong(json_, "is no row of this question", row)
            same = False
            continue
        if same and not is_next(list(cells.values())):
            run.wrong(csv, f"says other than {json_}", row + 1)
            same = False
        strangers += isinstance(cells.get("event_id"), str) and cells["event_id"] not in run.ids
    if same and next(told, None) is not None:
        run.wrong(csv, f"has more rows than {json_}")
    if row != at(question, "rows"):
        run.wrong(json_, "has another number of rows than the manifest says")
    run.rows += row
    if strangers and at(question, "of_events") is True:
        run.wrong(json_, "rows name events not in this bundle")


def certified(run, name, kind):
    media, payload, signature = envelope(whole(run.source, name))
    keys = [b64(one) for one in many(run.manifest, "keys", "certificates") if isinstance(one, str)]
    is_genuine = media == MEDIA.format(kind) and any(is_signed_by(pae(media, payload), signature, key) for key in keys)
    return loose(payload) if is_genuine else None


def check_certificates(run):
    names = set(run.source.names)
    for id_, events in run.erased.items():
        name, file = f"{CERTIFICATES}/{id_}.json", f"{CERTIFICATES}/{id_}.events.csv"
        left = dict(events)
        said = certified(run, name, "erasure") if {name, file} <= names else None
        listed = said is not None and text(said, "certificate") == id_
        if listed and hashlib.sha256(run.source.read(file)).hexdigest() == text(said, "list", "sha256"):
            for line in lines(run.source, file):
                event, _, inner = line.partition(",")
                if left.get(event) == inner:
                    del left[event]
        if left:
            run.wrong("ledger", f"{len(left)} erased events are in no signed list of erasures")
    for name in run.source.names:
        id_ = name[len(CERTIFICATES) + 1 : -5]
        if name.startswith(CERTIFICATES) and name.endswith(".json") and id_ not in run.erased:
            said = certified(run, name, "deletion")
            if text(said, "certificate") == id_ and text(said, "stored_in").startswith("events"):
                run.certified += at(said, "rows") if whole_number(at(said, "rows")) else 0
    if text(run.manifest, "request", "scope") == "" and run.gone > run.certified:
        run.wrong("ledger", f"{run.gone} leaves are gone, certificates account for {run.certified}")


def verify(source, pins):
    sealed = whole(source, "manifest.dsse.json")
    _, payload, signature = envelope(sealed)
    manifest = loose(payload)
    spki = b64(text(manifest, "signing_key"))
    fingerprint = sha256(spki).hex()
    run = Run(source, manifest, pins)
    said = (MEDIA.format("evidence"), *(json.dumps(one) for one in (text(loose(sealed), "payload"), fingerprint)))
    sig = text(many(loose(sealed), "signatures")[0] if many(loose(sealed), "signatures") else None, "sig")
    as_written = f'{{"payloadType":"{said[0]}","payload":{said[1]},"signatures":[{{"keyid":{said[2]},"sig":{json.dumps(sig)}}}]}}\n'
    is_genuine = sealed == as_written.encode() and is_signed_by(pae(MEDIA.format("evidence"), payload), signature, spki)
    if not is_genuine:
        run.wrong("manifest.dsse.json", "its signature does not fit what it says")
    if pins.get("key") not in (None, fingerprint):
        run.wrong("manifest.dsse.json", f"is signed by {fingerprint}, not by the key that was named")
    if is_genuine:
        if payload != whole(source, "manifest.json"):
            run.wrong("manifest.json", "says other than what was signed")
        run.guarded("manifest.json", check_files, run)
        for tree in many(manifest, "ledger"):
            run.guarded(f"ledger/{at(tree, 'partition')}", check_tree, run, tree)
        for question in many(manifest, "questions"):
            run.guarded(text(question, "path"), check_question, run, question)
        run.guarded(CERTIFICATES, check_certificates, run)
        if run.events != at(manifest, "events"):
            run.wrong("manifest.json", "says another number of events than there are")
    return run, fingerprint


def answer(asked):
    try:
        run, fingerprint = verify(opened(asked["path"]), asked)
    except Unreadable as error:
        return {"verdict": "unreadable", "reason": str(error)}
    verdict = "altered" if run.problems else "genuine"
    counted = {"events": run.events, "rows": run.rows}
    said = {"fingerprint": fingerprint, "counted": counted, "notes": run.notes, "problems": run.problems, "proof": run.proof}
    return {"verdict": verdict, **said}


def main(args):
    if args == ["--serve"]:
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), flush=True)
        return 0
    pins = {name[2:]: value for name, value in zip(args[1::2], args[2::2])}
    said = answer({"path": args[0], **pins}) if args else {"verdict": "unreadable", "reason": __doc__.strip()}
    for problem in said.get("problems", []):
        print("WRONG", *problem)
    print(said["verdict"].upper(), said.get("reason", said.get("fingerprint")))
    if said.get("proof"):
        print(said["proof"], end="")
    return {"genuine": 0, "altered": 1}.get(said["verdict"], 2)


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    sys.exit(main(sys.argv[1:]))
