"""The statutory timeline of Education, Health and Care needs assessments in England.

Every public name is here and is loaded when it is first used: `import ehcptime as ehc` is cheap.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
