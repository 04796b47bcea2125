"""Every benchmark of a published graph, one after the other; each prints its own table.

    python -m bench --data data

Each runs in a process of its own, so that none inherits another's memory. `bench.soak` takes half an hour and is run by
itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), default=Path("data"), show_default=True)
def main(data: Path) -> None:
    """Run the benchmarks over what is published in a data directory."""
    dump = data / "current" / "dumps" / "zhanshi.nq"
    for arguments in (
        ("bench.labels",),
        ("bench.reconciliation", "--data", str(data)),
        ("bench.endpoint", "--data", str(data)),
        ("bench.shacl", "--graph", str(dump)),
    ):
        click.echo(f"\n{' '.join(arguments)}")
        subprocess.run([sys.executable, "-m", *arguments], check=True)


if __name__ == "__main__":
    main()
