"""The commands of CONTRIBUTING.md, in the environment that nox is installed in: `nox -l`."""

import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "imports", "tests"]
nox.needs_version = ">=2025.5"


def _run(session: nox.Session, tool: str, *arguments: str) -> None:
    session.run(str(Path(sys.executable).with_name(tool)), *arguments, external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    _run(session, "ruff", "check", ".")
    _run(session, "ruff", "format", "--check", ".")


@nox.session(name="format")
def format_(session: nox.Session) -> None:
    """Fix style and format."""
    _run(session, "ruff", "check", "--fix", ".")
    _run(session, "ruff", "format", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types."""
    _run(session, "mypy", *session.posargs)


@nox.session
def imports(session: nox.Session) -> None:
    """Check the import rules."""
    _run(session, "lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Run tests; `nox -s tests -- tests/store` runs a part."""
    _run(session, "python", "-m", "pytest", *session.posargs)


@nox.session
def snapshots(session: nox.Session) -> None:
    """Take the pictures of the screens again."""
    _run(session, "python", "-m", "pytest", "-n0", "tests/ui/snapshots", "--snapshot-update")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure; `nox -s bench -- rows` measures one section."""
    _run(session, "python", "-m", "tests.bench", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Run for long with restarts, cut connections and new tokens."""
    _run(session, "python", "-m", "tests.soak", *(session.posargs or ["--minutes", "60"]))


@nox.session
def screenshots(session: nox.Session) -> None:
    """Take the pictures of the README again."""
    _run(session, "python", "-m", "tests.screenshots")


@nox.session(venv_backend="venv")
def lock(session: nox.Session) -> None:
    """Resolve the development environment again; `-- --upgrade` takes newer versions."""
    session.install("uv")
    flags = ["--all-extras", "--universal", "--generate-hashes", "--quiet"]
    flags += ["--custom-compile-command", "nox -s lock", "-o", "requirements-dev.txt"]
    session.run("uv", "pip", "compile", "pyproject.toml", *flags, *session.posargs)


@nox.session
def ci(session: nox.Session) -> None:
    """Run everything that CI runs."""
    session.run(".ci/run", external=True)
