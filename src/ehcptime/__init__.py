"""The statutory timeline of Education, Health and Care needs assessments in England.

Every public name is here and is loaded when it is first used: `import ehcptime as ehc` is cheap.
"""

import lazy_loader

from ehcptime.errors import meant as _meant

_loaded, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used; of one that is not there, say which was meant."""
    if name in __all__ or name.startswith("_"):
        return _loaded(name)
    hint = _meant(name, __all__, f"dir({__name__}) lists what there is")
    raise AttributeError(f"{__name__} has no {name!r}: {hint}", name=name)
