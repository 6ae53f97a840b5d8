"""Addresses that must never be asked: as they may be written, and names that lead there."""

WRITTEN = (
    # This machine, in every way it may be spelt.
    *("http://127.0.0.1", "http://127.0.0.1:5432", "https://127.0.0.1/x", "http://127.1", "http://127.0.1", "http://127.255.255.254"),
    *("http://0177.0.0.1", "http://0x7f.0.0.1", "http://0x7f000001", "http://2130706433", "http://017700000001", "http://127.0.0.1."),
    *("http://0", "http://0.0.0.0", "http://0.0.0.0:8931", "http://00.0.0.0", "http://localhost", "http://LOCALHOST", "http://localhost."),
    *("http://localhost.localdomain", "http://ip6-localhost", "http://a.localhost", "http://127。0。0。1", "http://①②⑦.0.0.1"),
    *("http://１２７.0.0.1", "http://ⓛocalhost"),
    *(
        "http://[::1]",
        "http://[::]",
        "http://[0:0:0:0:0:0:0:1]",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:7f00:1]",
        "http://[::127.0.0.1]",
    ),
    # The same behind a gateway between IPv4 and IPv6.
    *("http://[64:ff9b::127.0.0.1]", "http://[64:ff9b::7f00:1]", "http://[64:ff9b:1::7f00:1]", "http://[2002:7f00:1::]"),
    *("http://[2002:a9fe:a9fe::1]", "http://[2001:0:7f00:1::]", "http://[2001:db8::5efe:7f00:1]", "http://[64:ff9b::a9fe:a9fe]"),
    # The link, the cloud's metadata, and what is no host at all.
    *(
        "http://169.254.169.254",
        "http://169.254.169.254/latest/meta-data",
        "http://169.254.0.1",
        "http://[fe80::1]",
        "http://[fe80::1%eth0]",
    ),
    *("http://[fd00:ec2::254]", "http://100.100.100.200", "http://168.63.129.16", "http://metadata.google.internal", "http://metadata"),
    *("http://224.0.0.1", "http://255.255.255.255", "http://240.0.0.1", "http://[ff02::1]", "http://[fec0::1]", "http://[100::1]"),
    # Not what it seems to be.
    *("http://hue.example@127.0.0.1", "https://hue.example:pw@10.0.0.1", "https://hue.example#@127.0.0.1", "https://hue.example?@x"),
    *(
        "https://hue.example\\@127.0.0.1",
        "http://hue.example\r\nHost: 127.0.0.1",
        "https://hue.example%0d%0aX:1",
        "https://hue.example/%0d%0aX",
    ),
    *("https://hue.example/../admin", "https://hue.example/%2e%2e/admin", "https://hue.example//127.0.0.1/", "https://hue.example /x"),
    *(
        "https:///x",
        "https:hue.example",
        "//hue.example",
        "file:///etc/passwd",
        "gopher://hue.example",
        "ftp://hue.example",
        "dict://hue:11",
    ),
    *("javascript:alert(1)", "unix:///var/run/docker.sock", "https://hue.example:0", "https://hue.example:65536", "https://hue.example:x"),
    *("https://[hue.example]", "https://[::1", "https://::1", "https://-hue.example", "https://hue..example", "https://10.0.0.256"),
    *("https://db.province.example", "https://10.9.9.9:443", "https://10.9.9.9", ""),
)

LEADING = {
    "loopback": ("127.0.0.1",),
    "loopback-v6": ("::1",),
    "mapped": ("::ffff:127.0.0.1",),
    "nat64": ("64:ff9b::7f00:1",),
    "6to4": ("2002:7f00:1::",),
    "metadata": ("169.254.169.254",),
    "link-local": ("fe80::1",),
    "unspecified": ("0.0.0.0",),
    "one-good-one-bad": ("203.0.113.5", "127.0.0.1"),
    "database": ("10.9.9.9",),
}

ALLOWED = (
    *("https://hue-s.example.gov.vn", "https://hue.example:8443/duong/dan", "http://10.1.2.3", "https://192.168.1.10/lgsp"),
    *("https://172.16.0.9", "https://[fd12:3456::1]", "https://[2405:4800::1]", "http://[64:ff9b::a01:203]", "https://xn--hu-zpa.example"),
)
