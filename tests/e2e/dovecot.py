"""A real Dovecot on this machine, in a folder of its own, with a mailbox for each user, written to as a Maildir."""

import base64
import hmac
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.needed_tools import need

SIGNER = b"the one who hands out tokens"
LOCALHOST, PASSWORD = "127.0.0.1", "hemmelig"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
"""
OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""


@dataclass(frozen=True)
class Dovecot:
    folder: Path
    imap: int
    imaps: int
    uid: int
    gid: int
    user: str = ""

    def mailbox(self, user: str) -> "Dovecot":
        """The same server, as one of its users sees it."""
        mine = replace(self, user=user)
        for part in ("", "new", "cur", "tmp"):
            (mine.maildir / part).mkdir()
            os.chown(mine.maildir / part, self.uid, self.gid)
        return mine

    @property
    def maildir(self) -> Path:
        return self.folder / "mail" / self.user

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def deliver(self, raw: bytes, name: str) -> None:
        """As a mail server on the same machine would: whole, or not at all."""
        path = self.maildir / "tmp" / name
        path.write_bytes(raw)
        os.chown(path, self.uid, self.gid)
        path.rename(self.maildir / "new" / name)

    def names(self, folder: str = "") -> list[str]:
        """The files of a folder, with their flags."""
        inside = self.maildir / folder if folder else self.maildir
        return sorted(path.name for part in ("new", "cur") for path in (inside / part).glob("*"))

    def access_token(self, *, expired: bool = False) -> str:
        """What the organisation's sign-in would hand out for this user: a token that the server can check by itself."""
        began, until = 946_684_800, 978_307_200 if expired else 4_102_444_800  # 2000 to 2001, or to 2100
        head = {"typ": "JWT", "alg": "HS256"}
        said = {"sub": self.user, "iat": began, "nbf": began, "exp": until}
        signed = b".".join(_url(json.dumps(it).encode()) for it in (head, said))
        return b".".join((signed, _url(hmac.digest(SIGNER, signed, "sha256")))).decode()

    def make_anew(self) -> None:
        """As a restored backup would: the same mails, other UIDs under another UIDVALIDITY."""
        uids = self.maildir / "dovecot-uidlist"
        validity = re.sub(r" V(\d+)", lambda it: f" V{int(it[1]) + 1}", uids.read_text().splitlines()[0])
        for path in self.maildir.glob("dovecot*"):
            path.unlink()
        uids.write_text(re.sub(r" N\d+", " N1", validity) + "\n", encoding="utf-8")
        os.chown(uids, self.uid, self.gid)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    binary = need("dovecot")
    user = pwd.getpwnam("mail")
    folder = Path(tempfile.mkdtemp(prefix="tk-", dir="/tmp"))  # paths of sockets have to be short
    try:
        server = Dovecot(folder, free_port(), free_port(), user.pw_uid, user.pw_gid)
        _furnish(server)
        process = subprocess.Popen([binary, "-F", "-c", str(folder / "dovecot.conf")])
        try:
            answers(server.imap)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(server: Dovecot) -> None:
    folder = server.folder
    folder.chmod(0o755)
    server.maildir.mkdir()
    pair = ("-keyout", folder / "key.pem", "-out", folder / "cert.pem")
    facts = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    kind = ("req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    subprocess.run([need("openssl"), *kind, *pair, *facts], check=True, capture_output=True)
    facts_ = {"folder": folder, "password": PASSWORD, "uid": server.uid, "gid": server.gid}
    config = CONFIG.format(**facts_, imap=server.imap, imaps=server.imaps)
    (folder / "dovecot.conf").write_text(config, encoding="utf-8")
    (folder / "oauth2.conf").write_text(OAUTH2.format(folder=folder), encoding="utf-8")
    keys = folder / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(SIGNER))


def _url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int, seconds: float = 20) -> None:
    """Return as soon as somebody listens."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((LOCALHOST, port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
