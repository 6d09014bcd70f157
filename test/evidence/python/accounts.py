"""What accounting statements that follow one another leave open (docs/ledger.md, "Nothing left out")."""

import re

RANGE = re.compile(
    r"range ([0-9]+) ([0-9]+) accepted [0-9]+ skipped [0-9]+ quarantined [0-9]+ absent [0-9]+ events ([0-9]+) sealed ([0-9]+)"
)


class Standing:
    def __init__(self):
        self.first, self.next, self.waiting, self.holes = None, 0, 0, []

    def words(self, name):
        missing = list(self.holes)
        if self.waiting:
            missing.append(f"{self.waiting} events in the tree are not accounted for yet")
        if missing or self.first is None:
            return [f"raw {name}: {one}" for one in missing]
        return [f"raw {name}: nothing missing between {self.first} and {self.next}"]


def take(statement, raw):
    standing = Standing()
    for line in statement:
        word, _, rest = line.partition(" ")
        if word == "raw":
            standing = raw.setdefault(rest.split(" ")[0], Standing())
            standing.waiting = 0
        elif word == "range":
            found = RANGE.fullmatch(line)
            first, next_, events, sealed = map(int, found.groups()) if found else (0, 0, 0, 0)
            if next_ <= first:
                raise ValueError("holds a line that is none")
            if standing.first is not None and standing.next != first:
                low, high = sorted((standing.next, first))
                standing.holes.append(f"HOLE {low} to {high} not accounted for")
            if events != sealed:
                standing.holes.append(f"HOLE {first} to {next_}: {events} events promised, {sealed} in the tree")
            standing.first = first if standing.first is None else standing.first
            standing.next = next_
        elif word == "unaccounted":
            name, count = (rest.split(" ") + [""])[:2]
            standing.holes.append(f"HOLE {name}: {count} messages that no account promised")
        elif word == "waiting":
            _, count, each = rest.split(" ")
            standing.waiting += int(count) * int(each)
        elif word not in ("accepted", "skipped", "quarantined", "absent"):
            raise ValueError("holds a line that is none")
