"""What goes into the wheel; everything else is said in pyproject.toml.

Two folders of the checkout lie inside `agent` once it is installed: the programs, and what they read: the rules
for `rules jail` at the table, the page of the lessons.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["monopoly_env*", "agent*"]), "agent.programs", "agent.docs"],
    package_dir={"agent.programs": "scripts", "agent.docs": "docs"},
    package_data={"monopoly_env": ["py.typed"], "agent": ["py.typed", "models/*"], "agent.docs": ["RULES.md", "SHAPES.md"]},
    include_package_data=False,  # MANIFEST.in says what belongs to the source distribution
)
