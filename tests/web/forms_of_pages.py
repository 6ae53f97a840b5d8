"""A person who fills in the forms of pages as a browser without scripts does."""

from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

from tests.web.conftest import words


@dataclass(frozen=True)
class Person:
    """Somebody signed in."""

    client: Any

    def open(self, address: str, status: int = 200) -> BeautifulSoup:
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return BeautifulSoup(answer.text, "html.parser")

    def press(self, page: BeautifulSoup, button: str, status: int = 200, check: tuple[str, ...] = (), **typed: str) -> BeautifulSoup:
        """Press the button that says so, with these fields filled in and these boxes ticked."""
        buttons = page.select("main button") or page.select("button")
        pressed = next(each for each in buttons if words(each) == button)
        form = pressed.find_parent("form")
        told = [(each["name"], each.get("value", "")) for each in form.select("input[type=hidden]")]
        told += [(name if "/" in name else name.replace("_", "-"), value) for name, value in typed.items()] + [
            ("o", cell) for cell in check
        ]
        told += [(pressed["name"], pressed["value"])] if pressed.get("name") else []
        data = {name: [value for key, value in told if key == name] for name, _ in told}
        if form["method"] == "post":
            answer = self.client.post(form["action"], data=data, follow_redirects=True)
        else:
            answer = self.client.get(form["action"], query_string=data, follow_redirects=True)
        assert answer.status_code == status, f"{button}: {answer.status_code}"
        return BeautifulSoup(answer.text, "html.parser")
