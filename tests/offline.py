"""No test may use the network: an audit hook, which no code in the process can take away again, stops the first that tries."""

import sys

_LOOPBACK = {"localhost", "127.0.0.1", "::1", "", None}
_NAMED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
_TO_AN_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}


class NetworkUsedError(Exception):
    """A name was looked up, or something was sent to an address, that is not this machine."""


def is_here(address):
    """Whether an address is of this machine: a path or a descriptor (AF_UNIX), nothing, or the loopback."""
    if isinstance(address, tuple):
        address = address[0]
        return address in _LOOPBACK or (isinstance(address, str) and address.startswith("127."))
    return not isinstance(address, str) or "/" in address or address in _LOOPBACK


def watch(event, arguments):
    """Stop at the first use of the network."""
    if event in _NAMED:
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        if not is_here((host,) if not isinstance(host, tuple) else host):
            raise NetworkUsedError(event)
    elif event in _TO_AN_ADDRESS and not is_here(arguments[1]):
        raise NetworkUsedError(event)


def block():
    """Block the network for the rest of this process, once."""
    if not getattr(sys, "_ehcptime_offline", False):
        sys._ehcptime_offline = True
        sys.addaudithook(watch)
