"""A look at one point that spares most mutants the judge: sides so far apart that no rounding noise can make them agree."""

from __future__ import annotations

import numpy as np

from bpdocs.lines import Line
from bpdocs.measure import values as v
from bpdocs.measure.compare import RESOLVED, STILL
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation.tokens import Unread

PLAIN = 10 * max(RESOLVED, STILL)  # beyond this an entry is either different or lost in noise, and the claim does not agree


def apart(claim: Line, evaluator: Evaluator) -> bool:
    """Return whether a claim cannot agree at a point; what is not plain there is left to the judge."""
    if claim.relation != "=" or claim.left is None or claim.right is None:
        return False
    try:
        with np.errstate(all="ignore"):
            left, right = evaluator.value(claim.left, {}, {}), evaluator.value(claim.right, {}, {})
            if left.rank != right.rank or (left.shape != right.shape and not v.stretches(left, right)):
                return False
            axes = v.union(left, right)
            a, b = (np.real(v.spread(side, axes)) for side in (left, right))
            size = np.maximum(np.abs(a), np.abs(b))
            return bool(np.isfinite(size).all() and (np.abs(a - b) > PLAIN * max(1.0, float(size.max(initial=0.0)))).any())
    except (Unread, Mismatch, NotSupported, Ambiguous, KeyError):
        return False
