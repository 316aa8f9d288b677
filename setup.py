"""What goes into the wheel; everything else is said in pyproject.toml.

Two folders of the checkout lie inside `agent` once it is installed: the programs, and the pages that they read: the rules
for `rules jail` at the table, the page of the lessons.
"""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

PAGES = ("RULES.md", "SHAPES.md")


class BuildWithPages(build_py):
    """Copies the pages beside the code. A checkout that is installed as it is (`pip install -e .`) has them in `docs`."""

    def run(self) -> None:
        """Build as usual, and copy."""
        super().run()
        if not self.editable_mode:
            folder = Path(self.build_lib) / "agent" / "docs"
            folder.mkdir(parents=True, exist_ok=True)
            for page in PAGES:
                shutil.copy(Path("docs") / page, folder)


setup(
    packages=[*find_packages(include=["monopoly_env*", "agent*"]), "agent.programs"],
    package_dir={"agent.programs": "scripts"},
    package_data={"monopoly_env": ["py.typed"], "agent": ["py.typed", "models/*", "play/*.html"]},
    include_package_data=False,  # MANIFEST.in says what belongs to the source distribution
    cmdclass={"build_py": BuildWithPages},
)
