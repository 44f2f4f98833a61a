"""The content security policy allows no inline style and no inline script, so no template may hold one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "a data: address": re.compile(r"(?:src|href)\s*=\s*[\"']data:", re.I),
    "something from another site": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
    "an htmx attribute that evaluates": re.compile(r"\bhx-(?:on|vals=[\"']js:|headers=[\"']js:)", re.I),
}


def faults(text: str) -> list[str]:
    bare = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", text, flags=re.S)
    return [fault for fault, pattern in FORBIDDEN.items() if pattern.search(bare)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_obeys_the_content_security_policy(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<button onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="data:image/png;base64,AA">',
        '<script src="https://cdn.example/x.js"></script>',
        '<div hx-on:click="go()">',
    ],
)
def test_the_rule_sees_what_it_forbids(text: str) -> None:
    assert faults(text) != []


def test_the_stylesheet_and_scripts_fetch_nothing_from_elsewhere() -> None:
    for path in [*(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]:
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//|\beval\(|new Function", path.read_text()), path
