"""A hint to the processor: bring a record into the cache while the one before it is still being worked on.

Thousands of games do not fit into a processor's cache, and a step that waits for each line of its record takes half as long again.
"""

from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

_LINE = 64  # bytes of a cache line


def _no_hint(records, number, size):
    """Do nothing: the interpreter has no use for hints."""


@intrinsic
def _hint(context, records, number, size):
    """Ask for the first ``size`` bytes (a constant) of ``records[number]``."""
    if not isinstance(size, types.IntegerLiteral):
        return None

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, arguments[0])
        record = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1]])
        start = builder.bitcast(record, cgutils.voidptr_t)
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], kind)
        for line in range(0, size.literal_value, _LINE):
            place = cgutils.pointer_add(builder, start, line)
            builder.call(prefetch, [place, word(0), word(3), word(1)])  # to read, keep it near, data
        return context.get_dummy_value()

    return types.void(records, types.intp, size), generate


prefetch = _no_hint if config.DISABLE_JIT else _hint
