"""Kernels as other kernels call them: typed and translated once, optimised and made machine code where they end up.

Numba optimises every function together with all that it calls and makes it machine code, that function's own callers do so
again, and so on up: in an engine of some 250 kernels most of the compile time. Here a kernel that another one calls stays
LLVM's intermediate code; only the outermost kernel, the one that Python calls, is optimised, with all that was linked into it.

Built on Numba's compiler pipeline (``numba.core.compiler``, ``codegen``, ``caching``).
"""

from typing import Any

import llvmlite.binding as llvm
from numba import _dynfunc
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
    _name = "outermost_lowering"

    def run_pass(self, state: Any) -> bool:
        super().run_pass(state)
        for variable in state.library._final_module.global_variables:
            env = lookup_environment(variable.name) if variable.name.startswith("_ZN08NumbaEnv") else None
            if env is not None:
                state.library.codegen.set_env(variable.name, env)
        return True


def _with_lowering(lowering: Any) -> type[compiler.CompilerBase]:
    class Pipeline(compiler.CompilerBase):
        """Numba's passes, with another last one."""

        def define_pipelines(self) -> list[Any]:
            passes = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
            passes.add_pass_after(lowering, typed_passes.NativeLowering)
            passes.passes = [entry for entry in passes.passes if entry[0] is not typed_passes.NativeLowering]
            passes.finalize()
            return [passes]

    return Pipeline


LinkedCompiler = _with_lowering(_LinkedLowering)
OutermostCompiler = _with_lowering(_OutermostLowering)


class _LinkedCacheImpl(caching.CompileResultCacheImpl):
    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        return super().get_filename_base(fullname, abiflags) + ".linked"

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        libdata, fndesc, env, signature, objectmode, lifted, typeann, reload_init, referenced_envs = payload
        library = LinkedLibrary.loaded(target_context.codegen(), libdata)
        return compiler.CompileResult(
            target_context=target_context,
            typing_context=target_context.typing_context,
            library=library,
            environment=env,
            entry_point=_placeholder(library, fndesc, env),
            fndesc=fndesc,
            type_annotation=typeann,
            signature=signature,
            objectmode=objectmode,
            lifted=lifted,
            typing_error=None,
            call_helper=None,
            metadata=None,
            reload_init=reload_init,
            referenced_envs=referenced_envs,
        )


class LinkedCache(caching.Cache):
    """Keeps the intermediate code of a kernel on disk."""

    _impl_class = _LinkedCacheImpl
