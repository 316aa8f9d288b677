"""Matrix products on one thread, so that a network's numbers do not depend on how many cores a machine has.

A product that BLAS splits among threads is rounded elsewhere in the last bit, and a close decision can then go the other
way. For networks of this size one thread is the fastest choice as well: handing out the pieces costs more than they do.
"""

from __future__ import annotations

import functools
from typing import Any

from threadpoolctl import ThreadpoolController


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_blas_thread() -> Any:
    """Return a context manager that holds NumPy's matrix products to one thread, for the whole process.

    Where NumPy uses a library without such a switch (Apple's Accelerate) it does nothing.
    """
    return _controller().limit(limits=1, user_api="blas")
