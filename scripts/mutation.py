"""Break the engine in one place at a time, and count how often the tests notice.

    make mutation                              every module of engine/
    make mutation ARGS="calendar escalation"   some of them
    make mutation ARGS="--jobs 1"              leave the other cores alone
    make mutation ARGS="--again"               once more those that survived, with new tests or changed code

mutmut makes the mutants, and here they are tried: the tests are collected once, and each mutant gets a process of its
own. There the function takes the mutant's code, and the tests that come by it run, the quick ones first, until one
fails. A mutant that mypy refuses could never land and counts neither way. mutants/ keeps them until the next time.
"""

import argparse
import ast
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from hashlib import sha256
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType, FunctionType
from typing import Any, cast

import pytest
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "mutants"
MEMORY = Path("/dev/shm")  # thousands of databases live too short to be worth a disk
GOAL = 90  # per cent
UNTRIED = 70  # how a process ends that could not take the code of its mutant
MYPY = (  # strict, but for style and for the way in which mutants stand beside each other in one class
    *("mypy", "--output=json", "--config-file=", "--strict", "--explicit-package-bases", "--no-warn-unused-ignores"),
    *("--no-strict-equality", "--disable-error-code=no-redef", "engine"),
)
PYTEST = (
    *("-q", "-s", "--tb=no", "-m", "not postgres and not browser and not mail", "-p", "no:cacheprovider"),
    *("-o", "tmp_path_retention_policy=none", "tests/engine"),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """`name` as mutmut forms it: x_FUNCTION__mutmut_1 or xǁCLASSǁMETHOD__mutmut_1. `change` is how it differs."""

    module: str
    name: str
    source: str
    change: str

    @property
    def key(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def mark(self) -> str:
        """Tells it from a mutant of the same name in other code."""
        return f"{self.key} {sha256(self.source.encode()).hexdigest()[:16]}"

    @property
    def function(self) -> str:
        return self.key.rpartition("__mutmut_")[0]

    @property
    def original(self) -> FunctionType:
        """The function of the engine that it is a mutant of."""
        module, path = import_module(f"engine.{self.module}"), self.function.rpartition(".")[2]
        return _function(module, path[2:]) if path.startswith("x_") else _function(module, *path.split("ǁ")[1:])


def main() -> int:
    asked = _asked()
    os.chdir(ROOT)
    before = _verdicts() if asked.again else {}
    shutil.rmtree(PLACE, ignore_errors=True)
    shutil.copytree("engine", PLACE / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    mutants = [mutant for module in asked.modules for mutant in _mutants(module)]
    if any(it.mark not in before for it in mutants):
        refused = _refused()
        before |= {it.mark: "refused" if it.key in refused else "untried" for it in mutants if it.mark not in before}
    for mark, verdict in before.items():
        _keep(verdict, mark)
    results = {it.key: before.get(it.mark, "") for it in mutants}
    left = [it for it in mutants if results[it.key] not in ("killed", "refused")]
    results |= _tried(_Trial(left, asked.jobs, asked.seconds), asked.words)
    print("\n".join(_table(mutants, results)))
    return 0 if _share(Counter(results.values())) >= GOAL else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = sorted(path.stem for path in (ROOT / "engine").glob("[!_]*.py"))
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="a module of engine/")
    parser.add_argument(
        "-k", dest="words", default="", metavar="WORDS", help="with some of the tests only, as pytest picks"
    )
    parser.add_argument("--again", action="store_true", help="only what was not killed or refused before")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument(
        "--seconds", type=float, default=1e9, help="of tests for a mutant at most: quicker, and kills less"
    )
    asked = parser.parse_args()
    if unknown := set(asked.modules) - set(known):
        parser.error(f"engine/ has no {', '.join(sorted(unknown))}; it has {', '.join(known)}")
    asked.modules = asked.modules or known
    return asked


def _verdicts() -> dict[str, str]:
    """By its mark, what earlier runs have said of each mutant."""
    path = PLACE / "results.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {mark: verdict for verdict, _, mark in (line.partition(" ") for line in lines)}


def _keep(verdict: str, mark: str) -> None:
    with (PLACE / "results.txt").open("a", encoding="utf-8") as results:
        results.write(f"{verdict} {mark}\n")


def _mutants(module: str) -> Iterator[Mutant]:
    """All mutants of a module; a copy of it, with all of them side by side, is kept for mypy."""
    path = Path("engine", f"{module}.py")
    made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
    (PLACE / path).write_text(made.code, encoding="utf-8")
    lines = [line.partition(" # type: ignore # mutmut")[0] for line in made.code.splitlines()]
    spans = made.line_span_by_function_name.items()
    sources = {name: [line for line in lines[span.start - 1 : span.end] if line] for name, span in spans}
    for name in made.mutant_names:
        original = f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"
        becomes = [line.replace(name, original) for line in sources[name]]
        yield Mutant(module, name, "\n".join(sources[name]), _change(sources[original], becomes))


def _change(was: Sequence[str], becomes: Sequence[str]) -> str:
    changed = list(unified_diff(was, becomes, lineterm="", n=0))[3:]
    return "\n".join(line for line in changed if not line.startswith("@@"))


def _refused() -> set[str]:
    """The keys of the mutants in which mypy finds a fault."""
    said = subprocess.run([sys.executable, "-m", *MYPY], cwd=PLACE, capture_output=True, text=True).stdout
    faults = [fault for fault in map(json.loads, said.splitlines()) if fault["severity"] == "error"]
    lines = {(Path(fault["file"]).stem, fault["line"]) for fault in faults}
    found: set[str] = set()
    for module in {module for module, _ in lines}:
        tree = ast.parse((PLACE / "engine" / f"{module}.py").read_text(encoding="utf-8"))
        for it in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            if any((module, line) in lines for line in range(it.lineno, (it.end_lineno or 0) + 1)):
                found.add(f"{module}.{it.name}")
    return found


def _tried(trial: "_Trial", words: str) -> dict[str, str]:
    sys.path.insert(0, str(ROOT))
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        os.environ |= {"TILTAK_EXAMPLES": "mutation", "TILTAK_MIGRATED": f"{place}/migrated.db"}
        os.environ |= {"TMPDIR": place, "PYTEST_DEBUG_TEMPROOT": place}  # where no other run of tests tidies up
        code = pytest.main([*PYTEST, "-k", words], plugins=[trial])
    return trial.results if code == 0 else sys.exit("the tests must pass before anything is broken on purpose")


class _Trial:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, mutants: Sequence[Mutant], jobs: int, longest: float) -> None:
        self.mutants, self.jobs, self.longest = mutants, jobs, longest
        self.results: dict[str, str] = {}
        self.running: dict[int, Mutant] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        originals = {it.original.__code__: it.function for it in self.mutants}
        if _child(_watch, session, originals) and os.wait()[1]:
            raise RuntimeError((PLACE / "failed.txt").read_text(encoding="utf-8"))
        seen = json.loads((PLACE / "seen.json").read_text(encoding="utf-8"))
        _import_early(seen["imported"])
        items = {item.nodeid: item for item in session.items}
        gc.collect()
        gc.freeze()  # no child has to copy what it only looks at
        for number, it in enumerate(self.mutants, 1):
            seconds = _quickest(seen["tests"].get(it.function, {}), self.longest)
            chosen = [items[name] for name in seconds]
            while len(self.running) >= self.jobs:
                self._wait()
            self.running[_child(_try, session, it, chosen, sum(seconds.values()))] = it
            print(f"\r{number} of {len(self.mutants)} ", end="", file=sys.stderr, flush=True)
        while self.running:
            self._wait()
        return True

    def _wait(self) -> None:
        pid, status = os.wait()
        mutant = self.running.pop(pid)
        if os.waitstatus_to_exitcode(status) == UNTRIED:
            raise RuntimeError(f"{mutant.key} cannot be tried")
        self.results[mutant.key] = verdict = "killed" if status else "survived"
        _keep(verdict, mutant.mark)
        if not status:
            print(f"\r{mutant.key} survives:\n{mutant.change}", flush=True)


def _quickest(seconds: dict[str, float], longest: float) -> dict[str, float]:
    """The tests, the quick ones first, as many as can be run in so many seconds."""
    ordered = sorted(seconds.items(), key=lambda it: it[1])
    so_far = accumulate(each for _, each in ordered)
    return dict(it for it, total in zip(ordered, so_far, strict=True) if total <= longest)


def _child(work: Callable[..., None], *facts: object) -> int:
    """A process that has everything imported and nothing remembered; it ends well if the tests pass."""
    if pid := os.fork():
        return pid
    try:
        os.dup2(nowhere := os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(nowhere, 2)
        work(*facts)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _watch(session: pytest.Session, originals: dict[CodeType, str]) -> None:
    """Run every test once on the engine as it is: by function, the tests that come by it, with their seconds."""
    tests: dict[str, dict[str, float]] = {}
    come_by: set[str] = set()

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in originals:
            come_by.add(originals[frame.f_code])

    threading.setprofile(profile)
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        come_by.clear()
        began = time.process_time()
        sys.setprofile(profile)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        sys.setprofile(None)
        for function in come_by:
            tests.setdefault(function, {})[item.nodeid] = time.process_time() - began
        if session.testsfailed:
            (PLACE / "failed.txt").write_text(f"{item.nodeid} fails", encoding="utf-8")
            raise SystemExit
    seen = {"tests": tests, "imported": list(sys.modules)}
    (PLACE / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


def _import_early(names: Iterable[str]) -> None:
    """What the tests import on their way, so that not every mutant has to do it again."""
    for name in names:
        if name not in sys.modules:
            with suppress(Exception):
                import_module(name)


def _try(session: pytest.Session, mutant: Mutant, items: Sequence[pytest.Item], seconds: float) -> None:
    """A mutant that runs for ever is noticed as well."""
    longest = int(3 * seconds + 5)
    resource.setrlimit(resource.RLIMIT_CPU, (longest, longest))
    try:
        _become(mutant)
    except BaseException:
        os._exit(UNTRIED)
    for item, following in zip(items, [*items[1:], None], strict=False):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            raise SystemExit


def _become(mutant: Mutant) -> None:
    """Everybody who holds the original now holds the mutant."""
    original: Any = mutant.original
    made: dict[str, Any] = {}
    method = mutant.source.startswith(" ")
    source = f"class _:\n{mutant.source}" if method else mutant.source
    if "__class__" in original.__code__.co_freevars:
        source += "\n        __class__"  # as in the original, whatever has become of its super()
    exec(source, vars(sys.modules[original.__module__]), made)
    becomes = _function(made["_"], mutant.name) if method else cast("FunctionType", made[mutant.name])
    original.__code__ = becomes.__code__
    original.__defaults__, original.__kwdefaults__ = becomes.__defaults__, becomes.__kwdefaults__


def _function(owner: Any, *path: str) -> FunctionType:
    for name in path:
        owner = vars(owner)[name]
    return cast("FunctionType", getattr(owner, "__func__", owner))  # of a class method, what is inside


def _table(mutants: Sequence[Mutant], results: dict[str, str]) -> Iterator[str]:
    """A line for each module, and the total."""
    yield f"\n{'engine/':<12} {'mutants':>8} {'refused':>8} {'killed':>8} {'survived':>9} {'killed':>8}"
    for module in dict.fromkeys(it.module for it in mutants):
        yield _line(module, Counter(results[it.key] for it in mutants if it.module == module))
    yield _line("total", Counter(results.values()))


def _line(name: str, counted: Counter[str]) -> str:
    figures = f"{counted.total():>8} {counted['refused']:>8} {counted['killed']:>8} {counted['survived']:>9}"
    return f"{name:<12} {figures} {_share(counted):>6.1f} %"


def _share(counted: Counter[str]) -> float:
    tried = counted["killed"] + counted["survived"]
    return 100 * counted["killed"] / tried if tried else 100.0


if __name__ == "__main__":
    sys.exit(main())
