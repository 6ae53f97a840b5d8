"""`python -m hue_dti` is `hue-dti`."""

from hue_dti.cli import main

main()
