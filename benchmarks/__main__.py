"""`python -m benchmarks` runs them all; `python -m benchmarks scrubbing` runs one.

`python -m benchmarks engine --full` adds what takes minutes.
"""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

NAMES = (
    *("start", "scrubbing", "engine", "payload", "snapshots", "series"),
    *("publishing", "viewers"),
)


def main(words: list[str]) -> int:
    """Run the benchmarks that `words` call by name; the exit code."""
    names = [word for word in words if not word.startswith("--")]
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"No benchmark is called {unknown[0]!r}. Choose from: {', '.join(NAMES)}.")
        return 2
    for name in names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}\n")
        module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
