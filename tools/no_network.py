"""Run a command of ehcptime where any use of the network stops it, and say on standard error each file that it writes.

For whoever must know what leaves the machine: `python -B tools/no_network.py backlog extract --as-at 2024-12-31`. Python itself tells
an audit hook of every socket and of every file that is opened, and no code in the process can take the hook away again.
"""

import os
import sys

_WRITING = os.O_WRONLY | os.O_RDWR


class NetworkUsedError(Exception):
    """A socket was made, a name looked up or a connection opened."""


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Stop at the first use of the network; name each file that is opened for writing."""
    if event.startswith("socket."):
        raise NetworkUsedError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        sys.stderr.write(f"written: {arguments[0]}\n")


if __name__ == "__main__":
    sys.addaudithook(watch)
    from ehcptime.cli.app import main

    main()
