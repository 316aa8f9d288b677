"""What compiled code depends on: the code of its file and of all that the file imports. Comments and docstrings do not count.

Numba compiles what a kernel calls, and the constants that it reads, into the kernel itself. It does not notice when these
change in another file; the hash of a file with all that it imports does.
"""

import ast
import hashlib
import sys
from functools import cache
from pathlib import Path

import numba

PACKAGE = Path(__file__).parents[1]


@cache
def closure_hash(path: Path) -> str:
    """Return a hash of the code of a file and of all files of this package that it needs, 16 hex digits."""
    needed, waiting = {path}, [path]
    while waiting:
        new = _read(waiting.pop())[1] - needed
        needed |= new
        waiting += new
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for file in sorted(needed):
        name = file.relative_to(PACKAGE) if PACKAGE in file.parents else file
        digest.update(f"\n{name.as_posix()} {_read(file)[0]}".encode())
    return digest.hexdigest()[:16]


@cache
def _read(path: Path) -> tuple[str, frozenset[Path]]:
    """Return a hash of the code of a file without its docstrings, and the files of this package that it imports anywhere."""
    tree, imported = ast.parse(path.read_bytes()), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE.name:
            folder = PACKAGE.joinpath(*node.module.split(".")[1:])
            for name in node.names:
                module = folder / f"{name.name}.py"
                imported.add(module if module.is_file() else _file_of(folder))
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest(), frozenset(imported)


def _file_of(module: Path) -> Path:
    return module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
