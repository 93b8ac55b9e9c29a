"""Who fetched a page, as far as a request tells: a program or a person, from which network.

What is kept of an address or a browser is cut short: enough to tell two visits apart, too little
to find a person again.
"""

import ipaddress
import re

# Programs that open links by themselves: mail scanners, previews of messengers, robots, libraries.
MACHINE_PATTERN = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scanner|safelinks|proofpoint|mimecast|barracuda"
    r"|urldefense|facebookexternalhit|whatsapp|slack|telegram|discord|skypeuri|linkedin"
    r"|googleimageproxy|feedfetcher|headless|phantomjs|curl/|wget/|python-|aiohttp|okhttp|java/"
    r"|go-http-client|libwww|httpclient|axios|node-fetch|powershell|lighthouse|wkhtmltopdf",
    re.IGNORECASE,
)
BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\bOPR/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS)/")),
    ("Safari", re.compile(r"\bSafari/")),
)
SYSTEMS = (
    ("iPhone", re.compile(r"iPhone|iPod")),
    ("iPad", re.compile(r"iPad")),
    ("Android", re.compile(r"Android")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Macintosh")),
    ("Linux", re.compile(r"Linux|X11")),
)


def is_machine(agent):
    """Return whether a program opened the page, by the name it gives itself.

    >>> is_machine("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    False
    >>> is_machine("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)")
    True
    >>> is_machine("WhatsApp/2.23.20.0"), is_machine("python-requests/2.31"), is_machine("")
    (True, True, True)
    >>> is_machine("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0")
    True

    :param str agent: the user agent of the request
    :rtype: bool
    """
    return not (agent or "").strip() or bool(MACHINE_PATTERN.search(agent))


def shorten_agent(agent):
    """Return browser and system in two words.

    >>> shorten_agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36")
    'Chrome, Windows'
    >>> shorten_agent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1")
    'Safari, iPhone'
    >>> shorten_agent("WhatsApp/2.23.20.0"), shorten_agent("")
    ('WhatsApp', '')

    :param str agent: the user agent of the request
    :rtype: str
    """
    agent = agent or ""
    words = [
        next((name for name, pattern in table if pattern.search(agent)), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    if any(words):
        return ", ".join(word for word in words if word)
    return re.sub(r"[^\w .-]", "", agent.split("/")[0])[:32].strip()


def shorten_address(address):
    """Return the network of an address: its last part is left out.

    >>> shorten_address("192.0.2.17"), shorten_address("2001:db8:1:2:3::4"), shorten_address("x")
    ('192.0.2.0', '2001:db8:1::', '')

    :param str address: the address of the request
    :rtype: str
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False).network_address)
