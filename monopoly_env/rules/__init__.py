"""The rules of ``docs/RULES.md``, one module a subject. ``engine`` ties them together."""
