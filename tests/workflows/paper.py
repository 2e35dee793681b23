"""A small, sound workflow file, and ways to spoil it."""

from engine.errors import Fault, Faulty
from workflows.loading import inspect

SOUND = """\
workflow: task
version: 1
label: {nb: Oppgave, nn: Oppgåve, en: Task}
initial: given
states:
  given:
    label: {nb: Gitt, nn: Gitt, en: Given}
  done:
    label: {nb: Gjort, nn: Gjort, en: Done}
    final: true
moves:
  finish:
    label: {nb: Fullfør, nn: Fullfør, en: Finish}
    from: [given]
    to: done
    by: [responsible]
    needs: [statement]
    say: {nb: [ferdig], nn: [ferdig], en: [finished]}
    tell: [{to: [coordinator], letter: closed}]
  reopen:
    label: {nb: Åpne igjen, nn: Opne att, en: Reopen}
    from: [done]
    to: given
    by: [coordinator]
rules:
  - id: due
    when: {state: [given]}
    clock: due
    steps:
      - {at: -5wd, tell: [responsible], letter: due_soon, via: digest}
      - {at: 1wd, tell: [responsible], letter: overdue, level: 1}
      - {at: 10wd, tell: [coordinator], letter: stalled, level: 2}
    ack: {hold: 5wd, times: 1}
    snooze: {max: 30d, times: 1}
  - id: quiet
    when: {state: [given]}
    clock: activity
    steps:
      - {at: 30d, tell: [responsible], letter: stalled}
    inhibited_by: [due >= 1]
  - id: dwell
    when: {state: [given]}
    clock: entered
    steps:
      - {at: 60d, tell: [coordinator], letter: stalled}
    repeat: {every: 30d, tell: [coordinator]}
guard: {watcher: coordinator, max_silence: 90d}
"""


def spoilt(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, f"{old!r} must stand in the file exactly once"
    return SOUND.replace(old, new)


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def faults_in(text: str) -> tuple[Fault, ...]:
    """What is wrong with a file, whether its language or the checker says so."""
    try:
        return inspect(text, "task.yaml")[1].faults
    except Faulty as faulty:
        return faulty.faults
