"""The command line: `bpdocs check`, `bpdocs explain`, `bpdocs parse`, `bpdocs mutate`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from bpdocs.cache import Cache
from bpdocs.diagnostic import Diagnostic, PageError
from bpdocs.inputs import Source, gather
from bpdocs.working import HANDFUL, Done, cores, each

if TYPE_CHECKING:
    from bpdocs.results import Result

FINE, WRONG, USAGE, CRASH, STOPPED = 0, 1, 2, 70, 130

T = TypeVar("T")


def main(argv: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 if all is well, 1 if a claim fails or none is found, 2 for usage, 70 for a fault of bpdocs itself."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a terminal that lacks a letter is no reason to crash
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # The reader (`head`) has left. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bpdocs", description="Check the formulas on Markdown pages against the pages' own definitions.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = _command(commands, "check", run_check, "check every relation of the pages")
    check.add_argument("--no-cache", action="store_true", help="check again what was checked before")
    check.add_argument("--baseline", metavar="FILE", help="allow what FILE lists as unread, nothing new; written if it does not exist")
    check.add_argument("--jobs", type=_jobs, metavar="N", help="work on N pages at a time (all cores where it pays)")
    check.add_argument("--allow-none", action="store_true", help="do not fail where no page has a formula (for hooks that name whatever has changed)")
    check.add_argument("--github", action="store_true", help="print problems as GitHub annotations")
    _command(commands, "parse", run_parse, "say what share of the displayed formulas reads whole")
    mutate = _command(commands, "mutate", run_mutate, "plant errors in the pages and count those that the checks catch")
    mutate.add_argument("--fail-under", type=float, default=0.0, metavar="PERCENT", help="exit 1 if a smaller share is caught")
    mutate.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="work in N processes (default: one a processor)")
    explain = commands.add_parser("explain", help="say how the relations on a line were read", description="Say how the relations on a line were read, and why they agree or not.")
    explain.add_argument("places", nargs="+", metavar="PATH:LINE", help="a page and a line of it")
    explain.add_argument("--json", action="store_true", help="print one JSON object")
    explain.set_defaults(run=run_explain)
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a page (.md, .ipynb), a folder of pages, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)
    return parser


def run_check(arguments: argparse.Namespace) -> int:
    """Print what is wrong on the pages; return 0, 1, 2 or 70."""
    from bpdocs import baseline, report

    sources, errors = gather(arguments.paths)
    results, crashed = _checked(sources, errors, None if arguments.no_cache else Cache("checks"), arguments.jobs)
    if arguments.baseline:
        try:
            results = baseline.apply(results, arguments.baseline, complete=not errors and not crashed)
        except PageError as error:
            errors.append(error.diagnostic)
    complaints = list(report.diagnostics(results))
    if exempt := report.too_many_exempt(results):
        complaints.append(exempt)
    none = arguments.allow_none and not any(result.formulas for result in results)
    if not report.count(results).checked and not errors and not crashed and not none:
        complaints.append(_no_claim(sources, any(result.claims for result in results)))
    if arguments.json:
        _print_json(report.as_json(results))
    elif arguments.github:
        print("\n".join(filter(None, [report.as_github([*complaints, *errors]), report.summary(results, complaints)])))
    else:
        print(report.as_text(results, complaints, _colored(sys.stdout)))
    return _code(bool(complaints), errors, crashed)


def run_parse(arguments: argparse.Namespace) -> int:
    """Print the share of displays that read whole; return 0 if there are any, 1 if none, 2 or 70."""
    from bpdocs import reading

    sources, errors = gather(arguments.paths)
    readings, crashed = _each(sources, errors, reading.displays)
    found = [display for displays in readings for display in displays]
    if arguments.json:
        _print_json(reading.as_json(found))
    else:
        print(reading.as_text(found))
    return _code(not found and not errors and not crashed, errors, crashed)


def run_mutate(arguments: argparse.Namespace) -> int:
    """Print how many planted errors are caught; return 0, 1 if there were none (or too few caught), 2 or 70."""
    from bpdocs import scoring

    sources, errors = gather(arguments.paths)
    scoring.prepare(sources, arguments.jobs)
    pages, crashed = _each(sources, errors, lambda source: (source.path, scoring.score(source)))
    total = scoring.total([score for _, score in pages])
    if arguments.json:
        _print_json(scoring.as_json(pages))
    else:
        print(scoring.as_text(pages))
    failed = not errors and not crashed and (not total.mutants or 100 * total.share < arguments.fail_under)
    return _code(failed, errors, crashed)


def run_explain(arguments: argparse.Namespace) -> int:
    """Print how the relations on each line were read; return 0, 1 if there is none on a line, 2 or 70."""
    from bpdocs import explained
    from bpdocs.explain import explain

    wanted = [place.rpartition(":") for place in arguments.places]
    if bad := [place for place, (path, _, number) in zip(arguments.places, wanted, strict=True) if not path or not number.isdigit()]:
        print(f"bpdocs explain wants PATH:LINE, not {bad[0]}", file=sys.stderr)
        return USAGE
    errors: list[Diagnostic] = []
    nothing = crashed = False
    for path, _, number in wanted:
        sources, lost = gather([path])
        errors += lost
        found, failed = _each(sources, errors, lambda source, line=int(number): explain(source.text, source.path, line))  # type: ignore[misc]
        crashed |= failed
        for source, relations in zip(sources, found, strict=False):
            nothing |= not relations
            if arguments.json:
                _print_json(explained.as_json(source.path, int(number), relations))
            else:
                print(explained.as_text(source.path, relations) if relations else f"{source.path}:{number}: there is no formula on this line")
    return _code(nothing, errors, crashed)


def _checked(sources: Sequence[Source], errors: list[Diagnostic], cache: Cache | None, jobs: int | None) -> tuple[list[Result], bool]:
    """Return the results of the pages in order, and whether bpdocs itself failed on any: from the cache, the rest on as many cores as pay."""
    from bpdocs.results import check_source, keep, stored

    known: dict[str, Result] = {}
    for source in sources if cache is not None else ():
        with suppress(PageError):  # said below, in its turn
            if (found := stored(source.text, source.path, cache)) is not None:  # type: ignore[arg-type]
                known[source.path] = found
    rest = [source for source in sources if source.path not in known]
    fresh = iter(each(rest, check_source, jobs or (cores() if len(rest) >= HANDFUL else 1)))
    results: list[Result] = []
    crashed = False
    for source in sources:
        if source.path in known:
            results.append(known[source.path])
            continue
        done = next(fresh)
        crashed |= _told(source, done, errors)
        if done.result is not None:
            results.append(done.result)
            if cache is not None:
                keep(done.result, source.text, cache)
    next(fresh, None)  # lets the bar go
    return results, crashed


def _each(sources: Sequence[Source], errors: list[Diagnostic], work: Callable[[Source], T]) -> tuple[list[T], bool]:
    """Return the work done on each source, and whether bpdocs itself failed on any; pages that cannot be read are added to `errors`."""
    found: list[T] = []
    crashed = False
    for source, done in zip(sources, each(sources, work), strict=True):
        crashed |= _told(source, done, errors)
        if done.result is not None:
            found.append(done.result)
    return found, crashed


def _told(source: Source, done: Done[T], errors: list[Diagnostic]) -> bool:
    """Return whether bpdocs itself failed on a page, and say so; a page that cannot be read is added to `errors`."""
    if done.unreadable is not None:
        errors.append(done.unreadable)
    if done.crash:
        print(f"{source.path}: bpdocs itself failed on this page; please report it\n{done.crash}", file=sys.stderr)
    return bool(done.crash)


def _code(failed: bool, errors: Sequence[Diagnostic], crashed: bool) -> int:
    """Print the usage errors, all of them; return the exit code."""
    for error in errors:
        print(error.render(_colored(sys.stderr)), file=sys.stderr)
    if crashed:
        return CRASH
    if errors:
        return USAGE
    return WRONG if failed else FINE


def _jobs(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"a number from 1 on is wanted, not {text}")
    return int(text)


def _no_claim(sources: Sequence[Source], exempt: bool) -> Diagnostic:
    """Return the complaint that nothing was checked: a check of nothing must not pass."""
    message = "no claim was checked: all are exempt" if exempt else "no claim found"
    if len(sources) != 1:
        message += f" on {len(sources)} pages"
    suggestion = "" if exempt else "a claim is an `=` between symbols that the page has defined"
    return Diagnostic(sources[0].path if sources else ".", 1, 1, 1, message, suggestion)


def _print_json(value: object) -> None:
    # A terminal that cannot show Hangul gets \u escapes, which are JSON too.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=plain, indent=2, allow_nan=False))


def _colored(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class _Version(argparse.Action):
    """Looks the version up when it is asked for, and not at every start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"bpdocs {version('bpdocs')}")
        parser.exit(0)


if __name__ == "__main__":
    sys.exit(main())
