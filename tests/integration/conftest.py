"""The marker of the tests that need a tool from outside."""


def pytest_configure(config):
    config.addinivalue_line("markers", "integration: runs the project with a tool from outside, where that is installed")
