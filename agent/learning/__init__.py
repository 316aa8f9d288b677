"""The heart: states (n, 23) into a network, (n, 7) out, masked and drawn; returns, loss, gradient."""
