"""Imports run one way: who may import whom. Read from the sources, nothing is imported."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("monopoly_env", "agent", "scripts")  # each may import those before it
# From the ground up. A module or subpackage may import itself and the floors below it.
FLOORS = {
    "monopoly_env": (
        ("compiled",),
        ("board", "cards", "actions"),
        ("game",),
        ("events",),
        ("rules",),
        ("strength",),
        ("engine",),
        ("decision",),
        ("observation", "bots", "render"),
        ("text", "batch"),
        ("situation", "envs"),
        ("__main__",),
    ),
    "agent": (
        ("files",),
        ("learning",),
        ("players",),
        ("evaluation",),
        ("runs", "play", "lessons", "experiments", "benchmark"),
    ),
}


def sources(package):
    """The files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def module_name(path):
    """``monopoly_env.rules.turn`` for its file, ``monopoly_env.rules`` for the file ``__init__.py`` there."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree):
    """The modules that a file names in its imports, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def imports_of(path):
    """The modules that a file imports."""
    return set(imported(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_downwards_only(package):
    above = (*PACKAGES[PACKAGES.index(package) + 1 :], "tests")
    for path in sources(package):
        wrong = sorted(name for name in imports_of(path) if name.split(".")[0] in above)
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def place_of(module):
    """``(package, name, floor)`` of a module inside a package, floor None where it is on none; None for anything else."""
    parts = module.split(".")
    if parts[0] not in FLOORS or len(parts) < 2:
        return None
    return parts[0], parts[1], next((number for number, floor in enumerate(FLOORS[parts[0]]) if parts[1] in floor), None)


@pytest.mark.parametrize("package", FLOORS)
def test_a_package_is_built_from_the_ground_up(package):
    """Imports inside functions count too."""
    seen = set()
    for path in sources(package):
        here = place_of(module_name(path))
        if here is None:
            continue
        seen.add(here[1])
        inside = [place_of(name) for name in imports_of(path) if name.startswith(f"{package}.")]
        known = [place for place in inside if place[2] is not None]  # the others are names that the package hands on
        wrong = sorted({name for _, name, floor in known if name != here[1] and floor >= here[2]})
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"
    assert seen == {name for floor in FLOORS[package] for name in floor}, "a module was renamed"


@pytest.mark.parametrize("package", FLOORS)
def test_no_module_needs_itself(package):
    modules = {module_name(path): path for path in sources(package)}
    graph = {name: (imports_of(path) & set(modules)) - {name, package} for name, path in modules.items()}
    while ready := [name for name, needed in graph.items() if not needed & set(graph)]:
        for name in ready:
            del graph[name]
    assert not graph, f"in a circle or above one: {sorted(graph)}"


def test_learning_touches_no_files_and_no_display():
    """But for the class of the errors that a user can cause."""
    for path in sources("agent/learning"):
        names = {name.rsplit(".", 1)[0] if name.endswith("UserError") else name for name in imports_of(path)}
        assert not {name for name in names if name.startswith("agent.files") and name != "agent.files.errors"}, path
        assert not names & {"rich", "typer", "json", "pathlib", "matplotlib"}, path


def test_files_fit_in_a_head():
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for p in PACKAGES for path in sources(p)}
    assert {name: lines for name, lines in long.items() if lines > 350} == {}
