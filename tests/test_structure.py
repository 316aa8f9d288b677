"""The arrows of CONTRIBUTING.md: who may import whom. Read from the sources, nothing is imported."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("monopoly_env", "agent", "scripts")  # each may import those before it
# From the ground up. A module may import those of its own floor and of the floors below.
FLOORS = (
    ("compiled",),
    ("board", "cards", "actions"),
    ("game", "events"),
    ("rules",),
    ("strength",),
    ("decision",),
    ("observation", "bots"),
    ("batch",),
    ("envs",),
)


def sources(package):
    """The files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def module_name(path):
    """``monopoly_env.rules.turn`` for its file, ``monopoly_env.rules`` for the file ``__init__.py`` there."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree, everywhere=True):
    """The modules that a file names in its imports; not ``everywhere``: those that are made when it is imported itself."""
    nodes = ast.walk(tree) if everywhere else outside_functions(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def outside_functions(node):
    """All nodes that are not inside a function."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def imports_of(path, everywhere=True):
    """The modules that a file imports."""
    return set(imported(ast.parse(path.read_text(encoding="utf-8")), everywhere))


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_downwards_only(package):
    above = (*PACKAGES[PACKAGES.index(package) + 1 :], "tests")
    for path in sources(package):
        wrong = sorted(name for name in imports_of(path) if name.split(".")[0] in above)
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def floor_of(module):
    """The floor of a module of the environment, None if it is on none."""
    parts = module.split(".")
    if parts[0] != "monopoly_env" or len(parts) < 2:
        return None
    return next((number for number, floor in enumerate(FLOORS) if parts[1] in floor), None)


def test_the_environment_is_built_from_the_ground_up():
    seen = set()
    for path in sources("monopoly_env"):
        here = floor_of(module_name(path))
        if here is None:
            continue
        seen.add(path.relative_to(ROOT / "monopoly_env").parts[0].removesuffix(".py"))
        inside = [name for name in imports_of(path, everywhere=False) if name.startswith("monopoly_env.")]
        wrong = sorted(name for name in inside if floor_of(name) is None or floor_of(name) > here)
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"
    assert seen == {name for floor in FLOORS for name in floor}, "a module was renamed"


def test_no_module_of_the_environment_needs_itself():
    """Imports inside functions count too: but for those of the package itself, that is what they would hide."""
    modules = {module_name(path): path for path in sources("monopoly_env")}
    graph = {name: (imports_of(path) & set(modules)) - {name, "monopoly_env"} for name, path in modules.items()}
    while ready := [name for name, needed in graph.items() if not needed & set(graph)]:
        for name in ready:
            del graph[name]
    assert not graph, f"in a circle or above one: {sorted(graph)}"
