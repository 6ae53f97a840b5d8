"""Which addresses this installation may ask: written ones are judged by their text, names by every address they lead to.

Sources stand on private addresses (the province's own platforms), so those are allowed. This machine, the link around it, cloud
metadata, the database's host and whatever hides one of them inside an IPv6 address are not. The judged address is the one to connect
to: a name that is looked up again could lead elsewhere.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NETWORK, SANDBOX, NEVER_ASK = "network", "sandbox", "never_ask"
"""Settings that the installation gives to a connector; a sources file may not write them."""

IP = IPv4Address | IPv6Address

_HOW = "viết như https://may-chu/duong-dan"
_ADDRESS = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(/[A-Za-z0-9._~!$&'()*+,;=:%/-]*)?")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_HIDDEN = re.compile(r"%(?:2e|2f|5c|0[0-9a-f]|1[0-9a-f]|7f|25)|%(?![0-9a-f]{2})", re.IGNORECASE)
_OWN_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "broadcasthost"})
_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data"})
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))
_NEVER_V4 = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")))
_ROUTED_V6 = tuple(map(IPv6Network, ("2000::/3", "fc00::/7")))
_COMPATIBLE, _NAT64, _NAT64_LOCAL = map(IPv6Network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48"))
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
_LOW = 0xFFFFFFFF


class AddressRefused(ValueError):
    """An address that must not be asked: what is wrong with it, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class Network:
    """Where calls may go: this machine only for a sandbox; `never` are hosts and ports of the installation's own database."""

    sandbox: bool = False
    never: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def from_settings(cls, settings: Mapping[str, str]) -> Network:
        """What the installation told the connector; told nothing, nothing but the network outside is allowed."""
        pairs = (each.rpartition(":") for each in settings.get(NEVER_ASK, "").split())
        return cls(settings.get(NETWORK) == SANDBOX, frozenset((host, int(port)) for host, _, port in pairs))

    def as_settings(self) -> dict[str, str]:
        """The same as a connector's settings."""
        never = " ".join(f"{host}:{port}" for host, port in sorted(self.never))
        return {**({NETWORK: SANDBOX} if self.sandbox else {}), **({NEVER_ASK: never} if never else {})}


@dataclass(frozen=True, slots=True)
class Address:
    """A base address that may be written: `host` without brackets, lower case."""

    text: str
    scheme: str
    host: str
    port: int


def read_address(text: str, network: Network) -> Address:
    """Judge the address of a system as it is written; AddressRefused never repeats it, since a password may stand in it."""
    if not text:
        raise AddressRefused("thiếu hoặc để trống", _HOW)
    if not all("!" <= sign <= "~" for sign in text) or "\\" in text:
        raise AddressRefused("có dấu cách, xuống dòng, dấu \\ hoặc chữ ngoài bảng ASCII", _HOW)
    if "@" in text or "?" in text or "#" in text:
        raise AddressRefused("có mật khẩu hay tham số trong địa chỉ", "bỏ đi; mã truy cập để ở 'token_env', tham số để ở 'path'")
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise AddressRefused("không phải là một địa chỉ http hay https", _HOW)
    port = int(found[3]) if found[3] else {"http": 80, "https": 443}[found[1]]
    if not 0 < port < 65_536:
        raise AddressRefused("có cổng ngoài khoảng 1 đến 65535", _HOW)
    check_path(found[4] or "")
    host = found[2].strip("[]").lower()
    _check_host(host, port, network, bracketed=found[2].startswith("["))
    return Address(text.rstrip("/"), found[1], host, port)


def check_path(path: str) -> None:
    """Refuse a path that may climb out of its folder or means one thing here and another there."""
    if _HIDDEN.search(path) or any(part in (".", "..") for part in path.split("/")) or "//" in path or "\\" in path:
        raise AddressRefused("có '..', '//', '\\' hoặc mã % che dấu trong đường dẫn", "viết đường dẫn đầy đủ, thẳng")
    if not path.isprintable() or " " in path:
        raise AddressRefused("có dấu cách hoặc xuống dòng trong đường dẫn", "bỏ đi")


def check_host(host: str, port: int, network: Network) -> None:
    """Judge a host and port that are written apart; AddressRefused as for a whole address. An IPv6 address stands without brackets."""
    if not 0 < port < 65_536:
        raise AddressRefused("có cổng ngoài khoảng 1 đến 65535", "viết cổng đúng, chẳng hạn 5432")
    if not host or not all("!" <= sign <= "~" for sign in host) or any(sign in "/\\@[]?#,%" for sign in host):
        raise AddressRefused("không phải là một tên máy hay địa chỉ IP", "viết một tên máy, không kèm http://, cổng hay đường dẫn")
    _check_host(host.lower(), port, network, bracketed=":" in host)


def resolved(host: str, port: int, network: Network) -> tuple[str, ...]:
    """The addresses a host leads to, looked up once; one that must not be asked refuses them all. OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
    own = _own_database(port, network)
    for text in addresses:
        _check_ip(ip_address(text), network)
        if ip_address(text) in own:
            raise AddressRefused("dẫn tới máy chủ cơ sở dữ liệu của hệ thống này", "sửa địa chỉ của nguồn")
    return addresses


def _check_host(host: str, port: int, network: Network, *, bracketed: bool) -> None:
    if any(host == never and (not network.sandbox or port == its_port) for never, its_port in network.never):
        raise AddressRefused("là máy chủ cơ sở dữ liệu của hệ thống này", "sửa địa chỉ của nguồn")
    if bracketed:
        try:
            _check_ip(IPv6Address(host), network)
        except ValueError as error:
            raise error if isinstance(error, AddressRefused) else AddressRefused("không phải là một địa chỉ IPv6 đúng", _HOW) from None
        return
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            _check_ip(IPv4Address(host), network)
        except ValueError as error:
            raise error if isinstance(error, AddressRefused) else AddressRefused("viết địa chỉ IP theo lối lạ", _HOW) from None
        return
    if not all(_LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        raise AddressRefused("có tên máy không đúng", _HOW)
    own = host in _OWN_NAMES or host.endswith((".localhost", ".localdomain"))
    if host in _METADATA_NAMES or (own and not network.sandbox):
        raise _inside()


def _check_ip(address: IP, network: Network) -> None:
    if network.sandbox and address.is_loopback and getattr(address, "ipv4_mapped", None) is None:
        return
    if address in _METADATA:
        raise _inside()
    if isinstance(address, IPv4Address):
        if any(address in each for each in _NEVER_V4) or _is_own(address, network):
            raise _inside()
        return
    embedded = _embedded(address)
    for each in embedded:
        _check_ip(each, Network(never=network.never))
    if address.scope_id is not None or not (embedded or any(address in each for each in _ROUTED_V6)) or _is_own(address, network):
        raise _inside()


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address carries and some gateway may lead to."""
    number = int(address)
    found = [each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each is not None]
    if address in _COMPATIBLE or address in _NAT64 or address in _NAT64_LOCAL or (number >> 32) & _LOW in _ISATAP:
        found.append(IPv4Address(number & _LOW))
    if address in _NAT64_LOCAL:
        found.append(IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF))
    return tuple(found)


def _is_own(address: IP, network: Network) -> bool:
    """Whether the address is one of this machine's: only such an address can be bound."""
    if network.sandbox:
        return False
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((str(address), 0))
        return True
    return False


def _own_database(port: int, network: Network) -> frozenset[IP]:
    found: set[IP] = set()
    for host, its_port in network.never:
        if not network.sandbox or its_port == port:
            with contextlib.suppress(OSError):
                found.update(ip_address(each[4][0]) for each in socket.getaddrinfo(host, its_port, type=socket.SOCK_STREAM))
    return frozenset(found)


def _inside() -> AddressRefused:
    return AddressRefused(
        "dẫn vào chính máy này, mạng nội tại của máy hoặc địa chỉ không được hỏi",
        "sửa địa chỉ của nguồn; chỉ khi chạy hệ thống mô phỏng mới đặt HUE_DTI_SANDBOX=1",
    )
