"""A Keras agent that learns Monopoly: networks, learners, players, and the files they live in.

`import agent` starts neither TensorFlow nor Keras.
"""
