#!/usr/bin/env python3
"""Adds firewall rules for a router's first public address to its ruleset, laid out as the server does it.

rules.py COUNT PORT <RULESET: COUNT rules, the last of them for PORT. What cuts them into chains is in RouterChains.cs.
"""
import hashlib
import sys

ADDRESS = "203.0.113.10"
FEW = 128
USUAL = 64


def digest(text):
    return hashlib.sha256(text.encode())


def chain(name, rules):
    return f"    chain {name} {{\n" + "".join(f"        {rule}\n" for rule in rules) + "    }\n"


def cut(rules):
    piece = []
    for rule in rules:
        piece.append(rule)
        if digest(rule).digest()[0] % USUAL == 0:
            yield piece
            piece = []
    if piece:
        yield piece


def name_of(piece):
    return "rules-" + digest(ADDRESS + "\n" + "\n".join(piece)).hexdigest()[:16]


def chains(rules):
    text = chain("public", [f"ct original ip daddr vmap {{ {ADDRESS} : jump {ADDRESS} }}"])
    if len(rules) <= FEW:
        return text + chain(ADDRESS, rules)
    pieces = {name_of(piece): piece for piece in cut(rules)}
    text += "".join(chain(name, ["; ".join(piece)]) for name, piece in pieces.items())
    return text + chain(ADDRESS, [f"jump {name}" for name in pieces])


def main(count, last):
    ports = [*range(10001, 10000 + count), last]
    rules = [
        f"meta l4proto tcp ct original proto-dst {port} ip saddr {{ 198.51.{n % 256}.0/24 }} accept"
        for n, port in enumerate(ports)
    ]
    for line in sys.stdin:
        if "chain to_guests {" in line:
            sys.stdout.write(chains(rules))
        sys.stdout.write(line)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
