"""Proof that the rules are right and that nothing breaks; ``docs/TRUST.md`` says what each part proves."""
