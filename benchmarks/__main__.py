"""All figures of speed in one run: `python -m benchmarks`; what is printed goes into benchmarks/README.md."""

from __future__ import annotations

import subprocess
import sys

for name in ("reports", "close", "workers", "province_pull", "units_in_time"):
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
