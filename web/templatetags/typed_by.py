"""`{% csrf_token %}` as everywhere; on pages that somebody was let into, it also says whose page it is.

A builtin of all templates, so that a form need not think of it.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from web.keeping.aside import MARK

register = template.Library()


class MarkedTokenNode(CsrfTokenNode):
    """The token, and the mark by which what is typed is kept for the same person."""

    def render(self, context: Context) -> Any:
        found = super().render(context)
        mark = getattr(context.get("request"), MARK, "")
        if not (found and mark):
            return found
        return found + format_html('<input type="hidden" name="{}" value="{}">', MARK, mark)


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> MarkedTokenNode:
    """The hidden fields that every form of a page needs."""
    return MarkedTokenNode()
