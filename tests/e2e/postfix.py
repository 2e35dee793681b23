"""A real Postfix on this machine, in folders of its own: it takes mail on loopback and delivers to Dovecot."""

import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.dovecot import Dovecot, answers, free_port
from tests.needed_tools import need

NOBODY = "nobody.example"  # a domain whose mail is taken first and comes back later
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.ud.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_sender_restrictions = check_sender_access inline:{{ {proven} }}
recipient_delimiter = +
alias_maps =
virtual_mailbox_domains = ud.example
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_mailbox_base = {mail}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
transport_maps = inline:{{ {{ {nobody} = nouser: }} {transports} }}
smtp_line_length_limit = 998
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
nouser unix - n n - - pipe user=nobody argv=/bin/sh -c {{exit 67}}
"""


@dataclass(frozen=True)
class Postfix:
    folder: Path
    port: int

    def send(self, raw: Path, *, sender: str, to: str) -> None:
        """As a person's mail program would, by swaks."""
        where = ("--server", f"127.0.0.1:{self.port}", "--from", sender, "--to", to)
        done = subprocess.run([need("swaks"), *where, "--data", f"@{raw}"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:]

    @property
    def log(self) -> str:
        return (self.folder / "postfix.log").read_text(encoding="utf-8")


@contextmanager
def postfix(
    dovecot: Dovecot, boxes: Mapping[str, str], *, proven: str = "", transports: Mapping[str, str] | None = None
) -> Iterator[Postfix]:
    """`boxes` says which address goes to whose mailbox; mail from `proven` is marked as having passed DMARC."""
    binary, folder = need("postfix"), Path(tempfile.mkdtemp(prefix="tk-", dir="/tmp"))
    try:
        server = Postfix(folder, free_port())
        _furnish(server, dovecot, boxes, proven, transports or {})
        subprocess.run([binary, "-c", str(folder / "etc"), "start"], check=True, capture_output=True)
        try:
            answers(server.port)
            yield server
        finally:
            subprocess.run([binary, "-c", str(folder / "etc"), "stop"], check=False, capture_output=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(
    server: Postfix, dovecot: Dovecot, boxes: Mapping[str, str], proven: str, transports: Mapping[str, str]
) -> None:
    folder = server.folder
    folder.chmod(0o755)
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", pwd.getpwnam("postfix").pw_uid)
    passed = f"Authentication-Results: mx.ud.example; dmarc=pass header.from={proven.rpartition('@')[2]}"
    config = MAIN.format(
        folder=folder,
        mail=dovecot.folder / "mail",
        uid=dovecot.uid,
        gid=dovecot.gid,
        nobody=NOBODY,
        boxes=", ".join(f"{{ {address} = {user}/ }}" for address, user in boxes.items()),
        proven=f"{{ {proven} = PREPEND {passed} }}",
        transports=" ".join(f", {{ {address} = {way} }}" for address, way in transports.items()),
    )
    (folder / "etc" / "main.cf").write_text(config, encoding="utf-8")
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=server.port), encoding="utf-8")
