"""A page as a browser without JavaScript knows it: its forms, its errors, what it loads and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

VOID = {"input", "link", "meta", "br", "img", "hr", "use", "path"}


@dataclass
class Form:
    """A form with what stands in its fields, and its buttons as (name, value)."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def send(self, client: Client, button: tuple[str, str] | None = None, **typed: str) -> HttpResponse:
        """Press a button, after typing into some fields."""
        unknown = typed.keys() - self.fields.keys() - self.choices.keys()
        assert not unknown, f"the form has no such field: {unknown}"
        values = {**self.fields, **typed, **(dict([button]) if button else {})}
        return client.post(self.action, values) if self.method == "post" else client.get(self.action, values)


class Page(HTMLParser):
    """Parsed from an answer."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.text = ""
        self.lang = ""
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.ids: set[str] = set()
        self.errors: dict[str, str] = {}
        self._here = str(response.request["PATH_INFO"])
        self._form: Form | None = None
        self._stack: list[str] = []
        self._select = ""
        self._error: str | None = None
        self.feed(response.content.decode())

    def form(self, *, with_field: str) -> Form:
        """The form that has this field or button."""
        (found,) = [
            one
            for one in self.forms
            if with_field in {*one.fields, *one.choices} or with_field in {name for name, _ in one.buttons}
        ]
        return found

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.inline += [f"{name}={value}" for name, value in given.items() if name == "style" or name.startswith("on")]
        if "id" in given:
            assert given["id"] not in self.ids, f"two elements have the id {given['id']}"
            self.ids.add(given["id"])
        if tag not in VOID:
            self._stack.append(tag)
        if "field__error" in given.get("class", "").split():
            self._error = given.get("id", "").rsplit("-", 1)[0]
            self.errors[self._error] = ""
        match tag:
            case "html":
                self.lang = given["lang"]
            case "a":
                self.links.append(given.get("href", ""))
            case "link" if given.get("rel") == "alternate":
                pass  # an address for search engines: nothing is loaded
            case "link" | "script" | "img" | "iframe" | "use":
                self.loaded.append(given.get("href") or given.get("src") or "")
                if tag == "script" and "src" not in given:
                    self.inline.append("script")
            case "style":
                self.inline.append("style")
            case "form":
                self._form = Form(given.get("action") or self._here, given.get("method", "get"))
                self.forms.append(self._form)
        if self._form is not None and tag == "option":
            self._option(given)
        if self._form is not None and "name" in given:
            self._field(tag, given)

    def _option(self, given: dict[str, str]) -> None:
        """The first option is chosen unless another is marked."""
        assert self._form is not None
        self._form.choices[self._select].append(given.get("value", ""))
        if "selected" in given or self._select not in self._form.fields:
            self._form.fields[self._select] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name, value = given["name"], given.get("value", "")
        if tag == "button":
            self._form.buttons.append((name, value))
        elif tag == "select":
            self._select = name
            self._form.choices[name] = []
        elif given.get("type") in {"radio", "checkbox"}:  # sent only when it is checked
            self._form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                self._form.fields[name] = value
        elif tag in {"input", "textarea"}:
            self._form.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if self._stack and self._stack[-1] == tag:
            self._stack.pop()
        if tag == "form":
            self._form = None
        if tag == "p":
            self._error = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._error is not None:
            self.errors[self._error] = (self.errors[self._error] + data).strip()
