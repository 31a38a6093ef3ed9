"""The planning problem as sorted sets and coefficients: everything the model is built from, and nothing else.

Quantities in the items' own units, hours in hours, money in base currency. Immutable once built.
"""

from model.instance.build import build_instance
from model.instance.index import Groups, IndexTable
from model.instance.instance import Instance

__all__ = ["Groups", "IndexTable", "Instance", "build_instance"]
