"""Where TensorFlow and Keras start: late, once, and without their start-up chatter.

Importing them takes seconds, so nothing happens before `load_keras()` is called, and only the modules that build or
train networks call it. `import agent` and every `--help` take no second.
"""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType

from agent.files.errors import UserError

_LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"


class BackendError(UserError, RuntimeError):
    """Keras cannot run as the agent needs it; one line."""


_loaded: tuple[ModuleType, ModuleType] | None = None
_threads: int | None = None


def load_keras(threads: int | None = None) -> tuple[ModuleType, ModuleType]:
    """Import TensorFlow and Keras, once, and return both modules.

    Start-up messages are dropped unless the user set TF_CPP_MIN_LOG_LEVEL; if the import fails they are shown.

    Args:
        threads: CPU threads for TensorFlow; None leaves its choice. Only the first call of a process can set it.

    Raises:
        BackendError: Keras is set to another backend, or `threads` comes after TensorFlow has started.
        ImportError: TensorFlow or Keras is not installed.
    """
    global _loaded, _threads
    if _loaded is None:
        # Keras reads this on import; a keras.json naming another backend would win otherwise.
        backend = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        if backend != "tensorflow":
            raise BackendError(f"The agent needs the TensorFlow backend; unset KERAS_BACKEND. Received: {backend!r}")
        with quiet():
            _loaded = _start(threads)
        _threads = threads
    elif threads is not None and threads != _threads:
        raise BackendError(
            f"Threads must be chosen before TensorFlow starts; it runs with {_threads or 'its own choice'} already. "
            f"Received: threads={threads}"
        )
    return _loaded


@functools.lru_cache(maxsize=1)
def xla_works() -> bool:
    """Return whether XLA can compile for this machine's CPU; not every TensorFlow build brings it."""
    tf, _ = load_keras()

    @tf.function(jit_compile=True)
    def probe(x):
        return tf.nn.relu(tf.matmul(x, x))

    # XLA, too, announces itself when it compiles for the first time.
    with quiet():
        try:
            probe(tf.ones((2, 2)))
        except (tf.errors.OpError, ValueError, NotImplementedError):
            return False
    return True


def _start(threads: int | None) -> tuple[ModuleType, ModuleType]:
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise BackendError(
            f"The agent needs the TensorFlow backend. Received: Keras already imported with {keras.backend.backend()!r}"
        )
    if threads is not None:
        # Refused where the surrounding program has used TensorFlow already; then its choice stands.
        with suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
    tf.zeros(())  # the first operation starts the runtime, which has messages of its own
    return tf, keras


@contextmanager
def quiet() -> Iterator[None]:
    """Send file descriptor 2 to a temporary file for a while, and replay it if the block fails.

    TensorFlow's C++ side writes to the descriptor itself, so replacing `sys.stderr` would not do.
    """
    if _LOG_LEVEL in os.environ:
        yield
        return
    try:
        saved = os.dup(2)
    except OSError:  # there is no standard error, as under pythonw
        yield
        return
    if sys.stderr is not None:
        sys.stderr.flush()
    # TensorFlow reads the level once, while it loads. Removed again, so that a child process is not taken for one
    # whose user asked for messages.
    os.environ[_LOG_LEVEL] = "2"
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            os.environ.pop(_LOG_LEVEL, None)
            if failed:
                sink.seek(0)
                os.write(2, sink.read())
