"""Reads a vault from docs/vault-format.md alone: shares nothing with the program but that page.

reader.py VAULT key FILE | passphrase FILE      prints one JSON object: id, counter, records, trail
"""

import base64
import hashlib
import hmac
import json
import struct
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Refused(Exception):
    pass


def hkdf(key, salt, info):
    extracted = hmac.new(salt, key, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def unseal(key, sealed, data):
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], data)


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Refused("tampered directory")
        part = self.data[self.at : self.at + count]
        self.at += count
        return part

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def text(self):
        return self.take(self.number("H"))


def key_encryption_key(header, kind, secret):
    log_n, r, p = struct.unpack(">BII", header[27:36])
    if header[26] == 1 and kind == "key":
        return secret
    if header[26] == 2 and kind == "passphrase":
        if secret.endswith(b"\n"):
            secret = secret[:-1]
        return hashlib.scrypt(secret, salt=header[36:68], n=1 << log_n, r=r, p=p, maxmem=1 << 29, dklen=32)
    raise Refused("no key of that kind")


def read(path, kind, secret):
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 244 or hashlib.sha256(data[:-32]).digest() != data[-32:] or data[:8] != b"EBBVAULT":
        raise Refused("damaged")
    if struct.unpack(">H", data[8:10])[0] != 1:
        raise Refused("newer")
    vault_id = data[10:26]
    try:
        data_key = unseal(key_encryption_key(data[:68], kind, secret), data[68:128], data[:68])
    except InvalidTag:
        raise Refused("wrong_key") from None
    directory_key = hkdf(data_key, vault_id, b"ebb vault directory")
    if not hmac.compare_digest(hmac.new(directory_key, data[:-64], hashlib.sha256).digest(), data[-64:-32]):
        raise Refused("tampered")
    cursor = Cursor(data[128:-64])
    counter, sequence, code = cursor.number("Q"), cursor.number("Q"), cursor.take(32)
    records = []
    for _ in range(cursor.number("I")):
        start = cursor.at
        profile, field = cursor.text(), cursor.text()
        version, stage, what = cursor.number("I"), cursor.number("B"), cursor.number("B")
        place = cursor.data[start : cursor.at]
        value = unseal(data_key, cursor.take(cursor.number("I")), b"ebb vault record" + vault_id + place)
        records.append(
            {
                "profile": profile.decode(), "field": field.decode(), "version": version, "stage": stage, "kind": what,
                "value": base64.b64encode(value).decode(),
            })
    if cursor.at != len(cursor.data):
        raise Refused("tampered directory")
    old = {r["version"]: base64.b64decode(r["value"]) for r in records if r["field"] == "audit_key"}
    keys = {**old, len(old) + 1: hkdf(data_key, vault_id, b"ebb vault audit")}
    return {
        "id": vault_id.hex(), "counter": counter, "records": records,
        "trail": trail(path + ".audit", keys, sequence, code),
    }


def trail(path, keys, last, last_code):
    previous, expected, loose, count, seen = bytes(32), 1, [], 0, None
    with open(path, "rb") as file:
        for line in file.read().splitlines(keepends=True):
            members = json.loads(line)
            if "mac" not in members:
                loose.append(line)
                continue
            body = line[: line.rindex(b',"mac":"')]
            if members["seq"] != expected:
                raise Refused("trail: a line is missing")
            code = hmac.new(keys[members["key"]], previous + body, hashlib.sha256).digest()
            if code.hex() != members["mac"]:
                raise Refused("trail: a line was changed")
            if loose:
                absorbed = hashlib.sha256(b"".join(loose)).hexdigest()
                if members["action"] != "absorb" or members["lines"] != len(loose) or members["sha256"] != absorbed:
                    raise Refused("trail: a line was put in")
                loose = []
            if expected == last:
                seen = code
            previous, expected, count = code, expected + 1, count + 1
    if seen != last_code:
        raise Refused("trail: not the vault's")
    return count


if __name__ == "__main__":
    with open(sys.argv[3], "rb") as key_file:
        given = key_file.read()
    try:
        print(json.dumps(read(sys.argv[1], sys.argv[2], given)))
    except Refused as refusal:
        print(json.dumps({"refused": str(refusal)}))
