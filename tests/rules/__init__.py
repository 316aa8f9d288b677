"""The rules as tests: one file a chapter of ``docs/RULES.md``, one test or more a rule, named by its number."""
