"""What makes Python fast here: the compiler switch and its cache, memory intrinsics, random numbers."""

from numba import config
from numba.core import event

from monopoly_env.compiled.progress import Progress

PROGRESS = Progress()
if not config.DISABLE_JIT:
    event.register("numba:compile", PROGRESS)
