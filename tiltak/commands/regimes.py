"""The rules of authorities by which plans are followed up."""

from collections.abc import Iterator

import typer

from engine.workflow import Regime
from tiltak.options import Language, Spoken
from tiltak.output import say, table
from workflows.authorities import regimes
from workflows.words import length

STARTS = {
    "received": {"nb": "anbefalingene kom", "nn": "tilrådingane kom", "en": "the recommendations came"},
    "decided": {"nb": "planen ble vedtatt", "nn": "planen vart vedteken", "en": "the plan was decided"},
}
DUTIES = {
    "plan": {"nb": "planen", "nn": "planen", "en": "the plan"},
    "report": {"nb": "rapporten", "nn": "rapporten", "en": "the report"},
}


def show_regimes(context: typer.Context, language: Spoken = Language.en) -> None:
    """Show the rules of authorities that a plan file may name, with their deadlines."""
    known = regimes(context.obj.settings().service.workflows_dir)
    for key in sorted(known):
        say(f"{key}: {known[key].label.say(language)}")
        if known[key].terms:
            table("", ("due", "so long after", "that", "copy to"), list(_terms(known[key], language)))
        else:
            say("no deadlines")
        say(f"  {known[key].source}\n")


def _terms(regime: Regime, language: Language) -> Iterator[tuple[str, str, str, str]]:
    for it in regime.terms:
        copy_to = it.copy_to.say(language) if it.copy_to else "–"
        yield DUTIES[it.duty][language], length(it.by, language), STARTS[it.after][language], copy_to
