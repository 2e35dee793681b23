"""How soon the demo answers and commands end, and how much memory the service holds while it waits."""

import re
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter, sleep

TILTAK = str(Path(sys.executable).with_name("tiltak"))
PATIENCE = 60.0
TRIES = 5
COMMANDS = {"--help": 0.0, "mail receive": 1.0, "mail parse a.eml": 0.7, "history verify": 0.0}
MAIL = b"From: a@agency.example\nTo: b@agency.example\nSubject: SV: 3\nMessage-ID: <a@agency.example>\n\ngjort\n"
SETTINGS = """
[organisation]
key = "bench"
name = "Agency"
operator = "drift@agency.example"

[service]
database = "sqlite:///tiltak.db"
port = {port}

[mail]
sender = "tiltak@agency.example"
host = "127.0.0.1"
port = 9
security = "none"
"""


def main() -> None:
    port = _free_port()
    with _running(["demo", "--port", str(port)], port) as (process, took):
        print(f"demo   answers after {took:5.2f} s    (promised: 3)    {_memory(process):4.0f} MB")
    _commands()
    port = _free_port()
    with _running(["serve"], port, SETTINGS.format(port=port)) as (process, took):
        print(f"serve  answers after {took:5.2f} s                     {_memory(process):4.0f} MB")


def _commands() -> None:
    """What a person, and a mail server's pipe, waits for; beside an interpreter that does nothing."""
    with tempfile.TemporaryDirectory(prefix="tiltak-bench-") as folder:
        Path(folder, "a.eml").write_bytes(MAIL)
        _took([TILTAK, "migrate"], folder)
        print(f"python                {_took([sys.executable, '-c', ''], folder):5.2f} s")
        for command, bar in COMMANDS.items():
            promised = f"    (promised: {bar:g})" if bar else ""
            print(f"{command:<20}  {_took([TILTAK, *command.split()], folder):5.2f} s{promised}")


def _took(command: list[str], folder: str) -> float:
    """The best of five, in seconds."""
    taken = []
    for _ in range(TRIES):
        begun = perf_counter()
        subprocess.run(command, cwd=folder, input=MAIL, stdout=subprocess.DEVNULL, check=True)
        taken.append(perf_counter() - begun)
    return min(taken)


@contextmanager
def _running(command: list[str], port: int, settings: str = "") -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    with tempfile.TemporaryDirectory(prefix="tiltak-bench-") as folder:
        if settings:
            Path(folder, "tiltak.toml").write_text(settings, encoding="utf-8")
        begun = perf_counter()
        process = subprocess.Popen([TILTAK, *command], cwd=folder, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port, begun)
            yield process, perf_counter() - begun
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(port: int, begun: float) -> None:
    while perf_counter() - begun < PATIENCE:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
            return
        except OSError:
            sleep(0.02)
    raise SystemExit(f"nothing answers on port {port}")


def _memory(process: subprocess.Popen[bytes]) -> float:
    """What the process holds resident, in megabytes; as Linux tells it."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
