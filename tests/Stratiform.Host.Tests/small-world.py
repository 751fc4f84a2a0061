#!/usr/bin/env python3
"""A small world in network namespaces of its own: two guests, a router with a ruleset, and the internet.

small-world.py RULESET CARDS PROBE...; CARDS are the router's, separated by commas: one for both guests, or one for each, and one beside ("s-..."); a probe is FROM,PROTOCOL,ADDRESS,PORT[,SOURCE], and a line of output tells what came back: who answered and
whom it saw, "refused", "closed" or "silence". Files "interfaces" and "haproxy.cfg" beside the ruleset give the router further addresses among guests,
and load balancers, each with one member. Runs within "unshare --mount --net", so that nothing of it is left.
"""

import ctypes
import itertools
import os
import socket
import struct
import subprocess
import sys
import threading

PATIENCE = 1.0
GUESTS = ["web", "db"]
OUTSIDE = "203.0.113.1"
ELSEWHERE = "198.51.100.7"
BEHIND = "192.168.7.9"
STRANGER = "10.9.9.9"
PUBLIC = ["203.0.113.10", "203.0.113.11", "203.0.113.12"]
TCP_PORTS = [22, 25, 80, 8000, 8001, 8002, 9001]
UDP_PORTS = [53]
NEW_NET = 0x40000000
MARKS = itertools.count(1)
libc = ctypes.CDLL(None, use_errno=True)


def run(*command):
    subprocess.run(command, check=True)


def within(name, work):
    """Starts work in a thread of that namespace; what it opens stays there."""

    def enter():
        handle = os.open(f"/run/netns/{name}", os.O_RDONLY)
        if libc.setns(handle, NEW_NET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        os.close(handle)
        work()

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    return thread


def furnish(ruleset, cards):
    beside = [card for card in cards if card.startswith("s-")]
    cards = [card for card in cards if card not in beside]
    run("mount", "-t", "tmpfs", "netns", "/run/netns")
    for name in ("router", "outside", *GUESTS):
        run("ip", "netns", "add", name)
    for number, card in enumerate(cards):
        join(number, card, GUESTS if len(cards) == 1 else [GUESTS[number]])
    run("ip", "-n", "outside", "link", "add", "eth0", "type", "veth", "peer", "name", "p-020000000002", "netns", "router")
    for name, card, addresses in [("outside", "eth0", [OUTSIDE]), ("router", "p-020000000002", PUBLIC)]:
        for address in addresses:
            run("ip", "-n", name, "address", "add", f"{address}/24", "dev", card)
        run("ip", "-n", name, "link", "set", card, "up")
    run("ip", "-n", "outside", "address", "add", f"{ELSEWHERE}/32", "dev", "lo")
    run("ip", "-n", "outside", "link", "set", "lo", "up")
    run("ip", "-n", "router", "route", "add", "default", "via", OUTSIDE)
    run("ip", "-n", "outside", "route", "add", "10.1.0.0/16", "via", PUBLIC[0])
    run("ip", "netns", "exec", "router", "sysctl", "-q", "net.ipv4.ip_forward=1")
    for card in beside:
        neighbour(card)
    settle(os.path.join(os.path.dirname(ruleset), "interfaces"))
    run("ip", "netns", "exec", "router", "nft", "-f", ruleset)
    lead(os.path.join(os.path.dirname(ruleset), "routes"), "beside" if beside else "db")


def settle(interfaces):
    """Addresses that the router has among guests beside its own."""
    if not os.path.exists(interfaces):
        return
    with open(interfaces, encoding="ascii") as lines:
        for mac, role, addresses, *_ in map(str.split, lines):
            for address in addresses.split(",")[1:] if role == "guest" else []:
                run("ip", "-n", "router", "address", "add", address, "dev", "g-" + mac.replace(":", ""))


def balance(config):
    """The load balancers of HAProxy's configuration, without what they are good for."""
    if not os.path.exists(config):
        return
    with open(config, encoding="ascii") as text:
        for section in text.read().split("listen ")[1:]:
            words = {line.split()[0]: line.split()[1:] for line in section.splitlines()[1:]}
            address, port = words["bind"][0].split(":")
            member, inner = words["server"][1].split(":")
            listener = socket.create_server((address, int(port)))
            threading.Thread(target=relay, args=(listener, words["source"][0], (member, int(inner))), daemon=True).start()


def relay(listener, source, member):
    while True:
        client, _ = listener.accept()
        with client:
            try:
                with socket.create_connection(member, PATIENCE / 2, (source, 0)) as server:
                    client.sendall(server.recv(100))
            except OSError:
                pass


def neighbour(card):
    """Somebody beside the VPC, who sends it what is for anybody."""
    run("ip", "netns", "add", "beside")
    run("ip", "-n", "beside", "link", "add", "eth0", "type", "veth", "peer", "name", card, "netns", "router")
    for name, device, address in [("router", card, "172.20.0.2"), ("beside", "eth0", "172.20.0.9")]:
        run("ip", "-n", name, "address", "add", f"{address}/24", "dev", device)
        run("ip", "-n", name, "link", "set", device, "up")
    run("ip", "-n", "beside", "address", "add", f"{STRANGER}/32", "dev", "lo")
    run("ip", "-n", "beside", "link", "set", "lo", "up")
    run("ip", "-n", "beside", "route", "add", "default", "via", "172.20.0.2")
    run("ip", "-n", "outside", "route", "add", "172.20.0.0/24", "via", PUBLIC[0])


def lead(routes, name):
    """The router's static routes; name is somebody in the network behind it too."""
    if not os.path.exists(routes):
        return
    run("ip", "-n", name, "address", "add", f"{BEHIND}/32", "dev", "lo")
    run("ip", "-n", name, "link", "set", "lo", "up")
    with open(routes, encoding="ascii") as lines:
        for cidr, next_hop in map(str.split, lines):
            run("ip", "-n", "router", "route", "add", cidr, "via", next_hop)


def join(number, card, guests):
    """A network of the router's card and guests: 10.1.1.0/24, 10.1.2.0/24 and so on."""
    lan, prefix = f"lan{number}", f"10.1.{number + 1}"
    run("ip", "netns", "add", lan)
    run("ip", "-n", lan, "link", "add", "name", "bridge0", "type", "bridge")
    run("ip", "-n", lan, "link", "set", "bridge0", "up")
    for name, device, last in [("router", card, 1), *((n, "eth0", 50 + GUESTS.index(n)) for n in guests)]:
        run("ip", "-n", lan, "link", "add", f"to-{name}", "type", "veth", "peer", "name", device, "netns", name)
        run("ip", "-n", lan, "link", "set", f"to-{name}", "master", "bridge0", "up")
        run("ip", "-n", name, "address", "add", f"{prefix}.{last}/24", "dev", device)
        run("ip", "-n", name, "link", "set", device, "up")
    for name in guests:
        run("ip", "-n", name, "route", "add", "default", "via", f"{prefix}.1")


def serve(name):
    for port in TCP_PORTS:
        listener = socket.create_server(("0.0.0.0", port))
        threading.Thread(target=answer, args=(listener, f"{name}:{port}"), daemon=True).start()
    for port in UDP_PORTS:
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("0.0.0.0", port))
        threading.Thread(target=echo, args=(datagrams, f"{name}:{port}"), daemon=True).start()


def answer(listener, who):
    while True:
        peer, address = listener.accept()
        peer.sendall(f"{who} saw {address[0]}".encode())
        peer.close()


def echo(datagrams, who):
    while True:
        _, address = datagrams.recvfrom(100)
        datagrams.sendto(f"{who} saw {address[0]}".encode(), address)


def probe(protocol, address, port, source):
    kind = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM, "icmp": socket.SOCK_RAW}[protocol]
    with socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP if protocol == "icmp" else 0) as sender:
        sender.settimeout(PATIENCE)
        if source:
            sender.bind((source, 0))
        if protocol == "icmp":
            return ping(sender, address, port)
        sender.connect((address, port))
        if protocol == "udp":
            sender.send(b"?")
        return sender.recv(100).decode() or "closed"


def ping(sender, address, kind):
    # Probes of one namespace see each other's answers.
    mark = next(MARKS)
    message = struct.pack("!BBHHH", kind, 0, 0, mark, 1)
    total = sum(struct.unpack("!4H", message))
    message = message[:2] + struct.pack("!H", ~((total >> 16) + (total & 0xFFFF)) & 0xFFFF) + message[4:]
    sender.sendto(message, (address, 0))
    while True:
        packet, peer = sender.recvfrom(200)
        if packet[20] == 0 and peer[0] == address and packet[24:26] == struct.pack("!H", mark):
            return "echo"


def ask(results, index, text):
    name, protocol, address, port, *source = text.split(",")

    def work():
        try:
            results[index] = probe(protocol, address, int(port), source[0] if source else "")
        except ConnectionRefusedError:
            results[index] = "refused"
        except TimeoutError:
            results[index] = "silence"

    return within(name, work)


def main():
    furnish(sys.argv[1], sys.argv[2].split(","))
    names = ["outside", *GUESTS, *(["beside"] if "s-" in sys.argv[2] else [])]
    for name in names:
        within(name, lambda name=name: serve(name)).join()
    within("router", lambda: balance(os.path.join(os.path.dirname(sys.argv[1]), "haproxy.cfg"))).join()
    probes = sys.argv[3:]
    results = ["?"] * len(probes)
    for thread in [ask(results, i, text) for i, text in enumerate(probes)]:
        thread.join()
    print("\n".join(results))


main()
