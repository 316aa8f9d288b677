"""What compiled code gains by looking after its memory: records fetched ahead of their turn, and small arrays on the stack.

Thousands of games do not fit into a processor's cache: a step that waits for each line of its record takes half as long again.
And an array that Numba allocates is counted by atomic instructions wherever it is passed, which costs more than most that is
done with it.
"""

from collections.abc import Callable

import numba
import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

_LINE = 64  # bytes of a cache line


def _no_hint(records, number, start, stop):
    """Do nothing: the interpreter has no use for hints."""


@intrinsic
def _hint(context, records, number, start, stop):
    """Ask for the bytes from ``start`` to ``stop`` (constants) of ``records[number]``."""
    if not isinstance(start, types.IntegerLiteral) or not isinstance(stop, types.IntegerLiteral):
        return None

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        record = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]])
        base = builder.bitcast(record, cgutils.voidptr_t)
        word = ir.IntType(32)
        function = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], function)
        for line in range(start.literal_value, stop.literal_value, _LINE):
            place = cgutils.pointer_add(builder, base, line)
            builder.call(prefetch, [place, word(0), word(3), word(1)])  # to read, keep it near, data
        return context.get_dummy_value()

    return types.void(records, types.intp, start, stop), generate


prefetch = _no_hint if config.DISABLE_JIT else _hint


def stack_array(shape: tuple[int, ...], dtype: type) -> Callable[[], np.ndarray]:
    """Return a function for kernels that makes an uninitialised array of that shape.

    The array lives as long as the call of the kernel that makes it: pass it on to other kernels, but do not return it.
    """
    if config.DISABLE_JIT:
        return lambda: np.empty(shape, dtype)
    item = np.dtype(dtype).itemsize
    strides = [item * int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))]
    kind = types.Array(numba.from_dtype(np.dtype(dtype)), len(shape), "C")

    @intrinsic
    def make(context):
        def generate(context, builder, signature, arguments):
            def constants(numbers):
                return [context.get_constant(types.intp, number) for number in numbers]

            array = context.make_array(kind)(context, builder)
            data = cgutils.alloca_once(builder, context.get_data_type(kind.dtype), size=int(np.prod(shape)))
            data = builder.bitcast(data, array.data.type)
            itemsize = constants([item])[0]
            populate_array(array, data, constants(shape), constants(strides), itemsize, meminfo=None)
            return array._getvalue()

        return kind(), generate

    return make
