"""The rules of ``docs/RULES.md``, one module a subject; ``monopoly_env.engine`` ties them together."""
