"""The network is blocked while tests run, on every process of a run, and what tests need of this machine is not."""

import asyncio
import socket

import pytest

from offline import NetworkUsedError, is_here


def test_a_name_cannot_be_looked_up():
    with pytest.raises(NetworkUsedError, match="getaddrinfo"):
        socket.getaddrinfo("example.org", 443)
    with pytest.raises(NetworkUsedError, match="gethostbyname"):
        socket.gethostbyname("example.org")


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]
)
def test_nothing_can_be_sent_to_an_address(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        with pytest.raises(NetworkUsedError, match="connect"):
            one.connect((address, 443))
        with pytest.raises(NetworkUsedError, match="sendto"):
            one.sendto(b"x", (address, 443))


def test_what_uses_the_network_through_others_is_stopped_too():
    import urllib.request

    with pytest.raises(NetworkUsedError):
        urllib.request.urlopen("http://example.org", timeout=1)


def test_this_machine_can_be_spoken_to():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
    asyncio.run(asyncio.sleep(0))
    assert socket.getaddrinfo("localhost", 80)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        (("127.0.0.1", 80), True),
        (("127.0.0.53", 53), True),
        (("::1", 80, 0, 0), True),
        ("/run/a.sock", True),
        (b"\0abstract", True),
        (("10.0.0.1", 80), False),
        (("example.org", 80), False),
        (("fe80::1", 80, 0, 0), False),
    ],
)
def test_which_addresses_are_of_this_machine(address, here):
    assert is_here(address) == here
