"""What happens with an answer when it comes in: the registry that form pages choose from (`submission_handlers.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.fields import StreamField

from plugins.api.api import Registry, UnknownCodeError

from .schema import FormSchema

if TYPE_CHECKING:
    from home.people.models import User

    from .models import Submission


class SubmissionHandler:
    """What happens with a submission: keep it, mail it, open a dossier, …

    One that form pages may choose (`on_pages`) brings its options as Wagtail blocks. `context["options"]` holds them
    in `handle`, together with `form` (the title of the form).
    """

    code: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    #: One sentence for the person who builds a form.
    describe: ClassVar[Any] = ""
    admin_icon: ClassVar[str] = "form"
    #: Form pages offer it.
    on_pages: ClassVar[bool] = False
    #: The giver may change the answer afterwards: nothing has left that would stay as it was.
    changeable: ClassVar[bool] = False
    #: It needs to know nobody, and shows nobody when an answer comes in.
    nameless: ClassVar[bool] = False

    def option_blocks(self) -> dict[str, blocks.Block]:
        """Return the Wagtail blocks with which an administrator sets the options, by name."""
        return {}

    def read_options(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a filled-in block as plain data."""
        return {name: value.get(name) for name in self.option_blocks()}

    def check(self, options: Mapping[str, Any], schema: FormSchema) -> Iterable[str]:
        """Return what is wrong with the options for this form, one sentence each."""
        return ()

    def refusal(self, user: User, options: Mapping[str, Any]) -> str:
        """Return why this person cannot send the form, before it is filled in; empty when they can."""
        return ""

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Act, inside the transaction of `submit`, and return the address of the result (may be empty).

        Raise `RefusedSubmissionError` for what the person should read; nothing is stored then.
        """
        raise NotImplementedError


submission_handlers: Registry[type[SubmissionHandler]] = Registry(
    SubmissionHandler, module="submission_handlers", noun="submission handler"
)


@dataclass(frozen=True)
class Handling:
    """A chosen handler with its options."""

    code: str = "store"
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def handler(self) -> SubmissionHandler:
        """Return the handler. Raises `UnknownCodeError` when its plugin is gone."""
        return submission_handlers.get(self.code)()

    def problems(self, schema: FormSchema) -> list[str]:
        """Return what is wrong with the choice for a form, one sentence each."""
        try:
            return list(self.handler.check(self.options, schema))
        except UnknownCodeError as error:
            return [str(error)]


def _handler_block(handler: SubmissionHandler) -> blocks.Block:
    options = handler.option_blocks()
    about = {"label": handler.label, "icon": handler.admin_icon, "description": handler.describe}
    if not options:
        return blocks.StaticBlock(admin_text=handler.describe, **about)
    return blocks.StructBlock(list(options.items()), **about)


class HandlingField(StreamField):
    """One handler and its options, chosen in the editor. Migrations do not know its blocks, as plugins add some."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(_choices_block(), **kwargs)

    def deconstruct(self) -> Any:
        """Leave the blocks out."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs


def _choices_block() -> blocks.StreamBlock:
    chosen = [kind() for kind in submission_handlers if kind.on_pages]
    return blocks.StreamBlock(
        [(handler.code, _handler_block(handler)) for handler in chosen],
        max_num=1,
        required=False,
        label=gettext_lazy("What happens with an answer"),
    )


def handling_of(value: Any) -> Handling:
    """Return what a `HandlingField` value has chosen; keeping the answers when nothing is."""
    for child in value or ():
        if child.block_type not in submission_handlers:
            return Handling(child.block_type)
        handler = submission_handlers.get(child.block_type)()
        given = child.value if isinstance(child.value, Mapping) else {}
        return Handling(child.block_type, handler.read_options(given))
    return Handling()
