"""Where things lie, and the way to the fixtures' own Python modules."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FIXTURES = HERE.parents[1] / "fixtures"
MODELS = HERE / "models"
RECORDS = HERE / "records"
PICTURES = HERE / "pictures"

sys.path += [str(FIXTURES / "models"), str(FIXTURES / "pictures")]
