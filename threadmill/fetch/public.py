"""Where requests may go: addresses on the public internet, looked at when a connection is made.

A name that leads into one's own network, or into the machine itself, would let a listing or a redirect read there.
What is checked is what is connected to, so that a name can't answer one thing first and another then.
"""

import ipaddress
import socket
from collections.abc import Iterator

from threadmill.errors import ThreadmillError

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Its addresses end in one of IPv4, as those of 6to4 and Teredo hold one: RFC 6052."""


class NotPublic(ThreadmillError):  # noqa: N818 # names what it is
    """A host is, or leads to, an address that isn't on the public internet."""


def find_addresses(host: str, port: int, allowed: frozenset[str]) -> list[str]:
    """Return the addresses of `host`, as numbers.

    Raises:
        NotPublic: one of them isn't public, and `host` isn't among the `allowed`.
        OSError: the name has none.
    """
    found: dict[str, None] = {}
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        number = place[0]
        if isinstance(number, str):
            found[number] = None
    for number in found:
        if host not in allowed and not is_public(ipaddress.ip_address(number)):
            raise NotPublic(
                f'{host}: leads to {number}, which is no public address; if it is meant, add "{host}" to fetch_private'
            )
    return list(found)


def is_public(address: IP) -> bool:
    """Return whether `address`, and each that it stands for, is on the public internet."""
    return all(
        one.is_global and not one.is_multicast and not one.is_private and not one.is_reserved
        for one in _list_meant(address)
    )


def _list_meant(address: IP) -> Iterator[IP]:
    """Yield the address that connections to `address` end at: of IPv4, where one of IPv6 only wraps it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            # That alone: mapped addresses are all reserved.
            yield address.ipv4_mapped
            return
        if address.sixtofour:
            yield address.sixtofour
        if address.teredo:
            yield from address.teredo
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
            return
    yield address
