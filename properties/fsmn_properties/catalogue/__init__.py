"""Everything that must hold of an implementation: statements, each of which its module registers.

The order of the modules is that of the statements: what fails soonest for most bugs comes first. The notebook's tables
are large to read, and come late.
"""

from __future__ import annotations

# isort: off
from fsmn_properties.catalogue import agreement as agreement
from fsmn_properties.catalogue import refusals as refusals
from fsmn_properties.catalogue import nonfinite as nonfinite
from fsmn_properties.catalogue import arguments as arguments
from fsmn_properties.catalogue import arrays as arrays
from fsmn_properties.catalogue import calls as calls
from fsmn_properties.catalogue import process as process
from fsmn_properties.catalogue import effort as effort
from fsmn_properties.catalogue import rounding as rounding
from fsmn_properties.catalogue import sizes as sizes
from fsmn_properties.catalogue import types as types
from fsmn_properties.catalogue import streams as streams
from fsmn_properties.catalogue import stream_traces as stream_traces
from fsmn_properties.catalogue import stream_state as stream_state
from fsmn_properties.catalogue import conjunctions as conjunctions
from fsmn_properties.catalogue import gradients as gradients
from fsmn_properties.catalogue import structure as structure
from fsmn_properties.catalogue import symmetries as symmetries
from fsmn_properties.catalogue import notebook as notebook
from fsmn_properties.catalogue import scale as scale
from fsmn_properties.catalogue import exhaustive as exhaustive

# isort: on
from fsmn_properties.catalogue.statement import CATALOGUE as CATALOGUE
