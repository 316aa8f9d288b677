"""The programs, thin: they parse, call and print. Installed, this folder is ``agent.programs`` (setup.py)."""
