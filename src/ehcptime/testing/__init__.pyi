# What `import ehcptime.testing` offers: the strategies need the extra `testing`, the rest does not.
from .answering import answer
from .assertions import assert_counts, assert_timeline
from .conformance import Conformance, put_to
from .pack_files import Pack, Vector, conformance_pack, conformance_schema

__all__ = [
    "Conformance",
    "Pack",
    "Vector",
    "answer",
    "assert_counts",
    "assert_timeline",
    "conformance_pack",
    "conformance_schema",
    "put_to",
]
