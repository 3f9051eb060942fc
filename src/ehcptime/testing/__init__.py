"""A test kit for other systems: vectors, assertions and strategies, each loaded when it is first used."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
