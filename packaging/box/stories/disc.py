"""Writes an optical disc that boots from the image of a hard disk: disc.py ISO DISK TEXT, with TEXT as its file NOTE.TXT.
ECMA-119 (ISO 9660) has the volume, "El Torito" 1.0 how a BIOS boots from it: as from the hard disk whose image it carries."""
import struct
import sys

SECTOR = 2048
PATHS, PATHS_BIG, ROOT, CATALOG, NOTE, DISK = range(19, 25)


def both(value, size="I"):
    return struct.pack("<" + size, value) + struct.pack(">" + size, value)


def entry(name, sector, length, flags=0):
    body = both(sector) + both(length) + bytes([126, 1, 1, 0, 0, 0, 0, flags, 0, 0]) + both(1, "H") + bytes([len(name)]) + name
    body += bytes(len(body) % 2)
    return bytes([len(body) + 2, 0]) + body


def descriptor(kind, *fields):
    sector = bytearray(SECTOR)
    sector[:7] = bytes([kind]) + b"CD001\1"
    for at, content in fields:
        sector[at:at + len(content)] = content
    return bytes(sector)


def volume(sectors, paths):
    return descriptor(
        1, (8, b" " * 32), (40, b"NOTE".ljust(32)), (80, both(sectors)), (120, both(1, "H") * 2 + both(SECTOR, "H")), (132, both(paths)),
        (140, struct.pack("<I", PATHS)), (148, struct.pack(">I", PATHS_BIG)), (156, entry(b"\0", ROOT, SECTOR, 2)), (190, b" " * 623),
        (813, (b"0" * 16 + b"\0") * 4), (881, b"\1"))


def catalog():
    start = struct.pack("<HH24sHH", 1, 0, b"", 0, 0xAA55)
    start = start[:28] + struct.pack("<H", -sum(struct.unpack("<16H", start)) & 0xFFFF) + start[30:]
    # Bootable, a hard disk with a FAT partition; its first sector is loaded.
    return start + struct.pack("<BBHBBHI", 0x88, 4, 0, 0x0C, 0, 1, DISK)


def padded(content):
    return content + bytes(-len(content) % SECTOR)


iso, disk, text = sys.argv[1], open(sys.argv[2], "rb").read(), sys.argv[3].encode()
paths = [struct.pack(order + "BBIH", 1, 0, ROOT, 1) + b"\0\0" for order in "<>"]
root = entry(b"\0", ROOT, SECTOR, 2) + entry(b"\1", ROOT, SECTOR, 2) + entry(b"NOTE.TXT;1", NOTE, len(text))
parts = [bytes(16 * SECTOR), volume(DISK + -(-len(disk) // SECTOR), len(paths[0])),
         descriptor(0, (7, b"EL TORITO SPECIFICATION"), (71, struct.pack("<I", CATALOG))), descriptor(255),
         *paths, root, catalog(), text, disk]
with open(iso, "wb") as to:
    for part in parts:
        to.write(padded(part))
