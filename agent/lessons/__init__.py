"""Lessons: the questions Keras newcomers ask about shapes, answered by networks trained on real games.

The lessons are the sections of ``docs/SHAPES.md``: ``page`` reads and runs them, ``search`` finds the answer to an error text,
``data`` has the games as arrays, ``pictures`` draws. Importing this package starts neither TensorFlow nor the engine.
"""
