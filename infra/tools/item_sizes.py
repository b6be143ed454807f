"""Prints how big the items are that messages leave behind, by a data folder of ./heliograph that nobody has open.

Usage: python3 infra/tools/item_sizes.py .heliograph/chaos
DynamoDB Local keeps each item's size by DynamoDB's rules beside it. A write unit is 1024 bytes begun.
"""

import collections
import json
import pathlib
import sqlite3
import sys

PREFIX = "heliograph-"
TABLES = ("journal", "messages", "events", "webhook-deliveries", "auth-state", "instances")


def kind(table, item):
    """What an item is about; empty where all of a table's are alike."""
    if table == "journal":
        if item["seq"]["N"] == "0":
            return "checkpoint"
        # Each fact is an object with its type as the only key.
        facts = [next(iter(fact)) for fact in json.loads(item["facts"]["S"])]
        return "entry: " + (" ".join(sorted(facts)) or "records only")
    if table == "messages":
        return "outbound" if "body" in item else "inbound"
    if table == "events":
        return item["type"]["S"] if "type" in item else "parked"
    if table == "auth-state":
        return item["record"]["S"].split("#")[0] or "key"
    return ""


def main(folder):
    (database,) = pathlib.Path(folder).glob("**/shared-local-instance.db")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for table in TABLES:
            sizes = collections.defaultdict(list)
            for size, item in connection.execute(f'select itemSize, ObjectJSON from "{PREFIX}{table}"'):
                sizes[kind(table, json.loads(item))].append(size)
            for what, of in sorted(sizes.items(), key=lambda entry: -len(entry[1])):
                units = sum(-(-size // 1024) for size in of) / len(of)
                print(f"{table:20} {what:40} {len(of):6} items {sum(of) / len(of):7.0f} bytes {units:5.2f} units")


if __name__ == "__main__":
    main(sys.argv[1])
