"""Property-based verification of FSMN memory blocks: exact where others use tolerances."""

from fsmn_properties.cases.recipe import made
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.fuzz.native import fuzz_one_input
from fsmn_properties.runs.fuzz.survives import survives
from fsmn_properties.runs.show import show
from fsmn_properties.runs.verify import first_failure, verify
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.process import command
from fsmn_properties.under_pytest.decorator import parametrize_with_properties

__all__ = [
    "CATALOGUE",
    "Promises",
    "command",
    "first_failure",
    "fuzz_one_input",
    "load",
    "made",
    "parametrize_with_properties",
    "show",
    "survives",
    "verify",
]
