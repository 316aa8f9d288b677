"""How kernels that call each other are compiled: only the outermost, which Python calls, is optimised and made machine code.

Numba optimises every function together with all that it calls and makes machine code of it, its callers do so again with all
of that inside them, and so on up: more than half of the compile time of an engine of some 250 kernels. Here a kernel that
another one calls stays LLVM's intermediate code, linked with what it calls itself. It is optimised once, inside the outermost
kernel. The machine code is as fast as before; ``scripts/benchmark.py`` shows what the first reset takes.

This builds on parts of Numba that are not its public interface: its pipeline of passes, its code libraries and its cache.
``tests/versions.py`` tries it with the lowest and the newest version.
"""

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import _dynfunc, types
from numba.core import caching, codegen, compiler, typed_passes
from numba.core.compiler_machinery import register_pass
from numba.core.environment import lookup_environment


class LinkedLibrary(codegen.JITCodeLibrary):
    """The intermediate code of a kernel and of what it calls, to be linked into others; it cannot be run by itself."""

    def finalize(self) -> None:
        """Link what is called. Nothing is optimised, and the execution engine does not hear of it."""
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: there is no machine code."""
        self._ensure_finalized()
        return 0

    def serialize_using_object_code(self) -> tuple[str, bytes]:
        """Return what ``loaded`` takes; there is no object code."""
        self._ensure_finalized()
        return self.name, self._final_module.as_bitcode()

    @classmethod
    def loaded(cls, codegen: Any, state: tuple[str, bytes]) -> "LinkedLibrary":
        """Return the library that was serialized."""
        name, bitcode = state
        library = cls(codegen, name)
        library._final_module = llvm.parse_bitcode(bitcode)
        library._finalized = True
        return library


def _placeholder(library: LinkedLibrary, fndesc: Any, env: Any) -> Any:
    """Return a function that stands for the kernel in Numba's tables and is never called."""
    return _dynfunc.make_function(fndesc.lookup_module(), fndesc.qualname, "linked", 0, env, (library,))


@register_pass(mutates_CFG=True, analysis_only=False)
class _LinkedLowering(typed_passes.NativeLowering):
    """The last pass for a kernel that another one calls."""

    _name = "linked_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        result = state["cr"]
        placeholder = _placeholder(state.library, result.fndesc, result.env)
        state.targetctx.insert_user_function(placeholder, result.fndesc, [state.library])
        state.reload_init.extend(state.library._reload_init)
        state["cr"] = result._replace(cfunc=placeholder)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _OutermostLowering(typed_passes.NativeLowering):
    """The last pass for a kernel that Python calls."""

    _name = "outermost_lowering"

    def run_pass(self, state: Any) -> bool:
        super().run_pass(state)
        # The environments of the linked kernels, which their errors need, have a place in memory only now.
        for variable in state.library._final_module.global_variables:
            env = lookup_environment(variable.name) if variable.name.startswith("_ZN08NumbaEnv") else None
            if env is not None:
                state.library.codegen.set_env(variable.name, env)
        return True


def _pipeline(lowering: Any) -> type[compiler.CompilerBase]:
    """Return Numba's passes with another last one."""

    class Pipeline(compiler.CompilerBase):
        def define_pipelines(self) -> list[Any]:
            passes = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
            passes.add_pass_after(lowering, typed_passes.NativeLowering)
            passes.passes = [entry for entry in passes.passes if entry[0] is not typed_passes.NativeLowering]
            passes.finalize()
            return [passes]

    return Pipeline


_LINKED, _OUTERMOST = _pipeline(_LinkedLowering), _pipeline(_OutermostLowering)


class _LinkedCacheImpl(caching.CompileResultCacheImpl):
    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        return super().get_filename_base(fullname, abiflags) + ".linked"

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        library, fndesc, env, signature, objectmode, lifted, annotation, reload_init, environments = payload
        library = LinkedLibrary.loaded(target_context.codegen(), library)
        return compiler.CompileResult(
            target_context=target_context,
            typing_context=target_context.typing_context,
            library=library,
            environment=env,
            entry_point=_placeholder(library, fndesc, env),
            fndesc=fndesc,
            type_annotation=annotation,
            signature=signature,
            objectmode=objectmode,
            lifted=lifted,
            typing_error=None,
            call_helper=None,
            metadata=None,
            reload_init=reload_init,
            referenced_envs=environments,
        )


class _LinkedCache(caching.Cache):
    """Keeps the intermediate code of a kernel on disk."""

    _impl_class = _LinkedCacheImpl


def compiled(function: Callable, keep: bool, options: dict[str, Any], widened: Callable[[types.Type], types.Type]) -> Any:
    """Return ``function`` compiled on first use, for Python and for other kernels.

    Args:
        function: a function that Numba understands.
        keep: whether the result is kept on disk, in the folder that ``numba.config.CACHE_DIR`` names now.
        options: of ``numba.njit``.
        widened: the type for which a kernel is compiled where another one calls it with a type.

    Returns:
        A dispatcher. Its attribute ``linked`` is the one that stands for it inside other kernels.
    """
    dispatcher = numba.njit(cache=keep, pipeline_class=_OUTERMOST, **options)(function)
    linked = numba.njit(pipeline_class=_LINKED, no_cpython_wrapper=True, **options)(function)
    if keep:
        linked._cache = _LinkedCache(function)

    def called_by_a_kernel(args: tuple[types.Type, ...], kws: dict[str, types.Type]) -> Any:
        return linked.get_call_template(tuple(map(widened, args)), {name: widened(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = called_by_a_kernel
    dispatcher.get_overload = linked.get_overload
    dispatcher.linked = linked
    return dispatcher
