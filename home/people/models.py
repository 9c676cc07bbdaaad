"""Users, the department tree, positions and memberships."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField

from . import rules, tree
from .delegations import Delegation as Delegation
from .department_history import DepartmentEvent as DepartmentEvent
from .department_history import note_rename
from .locking import RuleLock as RuleLock
from .photos import photo_path, photo_storage
from .querysets import SHOWN_TO_OTHERS, MembershipQuerySet, UserManager, refuse_deletion
from .remembering import RenewingQuerySet, renew_stamp
from .remembering import Stamp as Stamp
from .signing import SigningAuthority as SigningAuthority
from .text import fold, nfc, sort_key
from .working_groups import GroupMember as GroupMember
from .working_groups import WorkingGroup as WorkingGroup

#: What may stand in texts that departments and working groups write about themselves.
PLAIN = ["bold", "italic", "ul", "ol"]

is_code = RegexValidator(
    r"^\w[\w.-]*\Z",
    _("A code begins with a letter or digit and holds letters, digits, dots, dashes and “_” only."),
)


class User(AbstractUser):
    """A person who works here. People are deactivated, never deleted: history names them.

    `last_name` holds family and middle name (Nguyễn Văn), `first_name` the given name (Đức). User name and
    e-mail address are kept in lower case, so that both are found whatever case is typed.
    """

    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    mobile = models.CharField(_("mobile phone"), max_length=40, blank=True)
    room = models.CharField(pgettext_lazy("office", "room"), max_length=80, blank=True)
    about = models.TextField(
        _("what I do"),
        max_length=1000,
        blank=True,
        help_text=_("Tasks and knowledge, as colleagues look for them."),
    )
    #: A small square picture that we drew ourselves (`photos.py`), behind the gate of `people_photo`.
    photo = models.FileField(
        _("photo"), storage=photo_storage, upload_to=photo_path, blank=True, max_length=200
    )
    #: Folded name and user name; searched for any part of a word, which no index of both databases serves.
    search_name = models.CharField(max_length=500, editable=False, blank=True, default="")
    #: Digits that sort by given name, then family name, in Vietnamese order (see `text.sort_key`).
    sort_name = models.CharField(max_length=1000, editable=False, blank=True, default="", db_index=True)

    objects: ClassVar[UserManager] = UserManager()

    #: Columns that change without anybody having edited the person (demo profiles, `plugins.api`).
    not_an_edit: ClassVar[frozenset[str]] = frozenset({"last_login", "is_active"})

    #: What others see of this person as it was read or written last; None where that is not known.
    _seen: dict[str, str] | None = None

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.get_full_name()

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Return the user name as it is stored: NFKC, lower case."""
        return super().normalize_username(username).casefold() if isinstance(username, str) else username

    def get_full_name(self) -> str:
        """Return the name in Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip() or self.username

    @property
    def photo_name(self) -> str:
        """Return the name of the photo's file without folder and ending; empty without a photo."""
        return Path(self.photo.name or "").stem

    def normalise(self) -> None:
        """Bring names, user name and e-mail address to their stored form, and fill the derived columns."""
        for name in ("first_name", "last_name", "phone", "mobile", "room"):
            setattr(self, name, nfc(getattr(self, name)))
        self.username = self.normalize_username(self.username)
        self.email = (self.email or "").strip().lower()
        self.search_name = fold(f"{self.last_name} {self.first_name} {self.username}")[:500]
        self.sort_name = sort_key(self.first_name, self.last_name)[:1000]

    def clean(self) -> None:
        """Normalise before uniqueness is looked at."""
        super().clean()
        self.normalise()

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> User:
        """Remember what others see of this person, where that was read."""
        person = super().from_db(*args, **kwargs)
        person._seen = person._shown()
        return person

    def _shown(self) -> dict[str, str]:
        return {name: str(self.__dict__[name]) for name in SHOWN_TO_OTHERS if name in self.__dict__}

    @transaction.atomic
    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store, with names normalised and the derived columns in step.

        What others see renews the stamp: pages that are kept name people, and others stand in for who has left.
        """
        self.normalise()
        if update_fields is not None and {"first_name", "last_name", "username"} & set(update_fields):
            update_fields = {*update_fields, "search_name", "sort_name"}
        super().save(*args, update_fields=update_fields, **kwargs)
        written = SHOWN_TO_OTHERS if update_fields is None else SHOWN_TO_OTHERS & set(update_fields)
        now = {name: value for name, value in self._shown().items() if name in written}
        before = self._seen
        if before is not None and any(before.get(name, value) != value for name, value in now.items()):
            renew_stamp()
        self._seen = {**(before or {}), **now} if before is not None or update_fields is None else None

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse (see `DeletionRefusedError`)."""
        refuse_deletion([self])

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read again, places and roles included."""
        self.forget_places()
        super().refresh_from_db(*args, **kwargs)
        self._seen = self._shown()

    def forget_places(self) -> None:
        """Drop what `places.py` remembered on this object."""
        self.__dict__.pop("_places", None)
        self.__dict__.pop("_departments", None)
        self.__dict__.pop("_delegations_to", None)
        self.__dict__.pop("remembers", None)


class Department(models.Model):
    """One unit of the office (phòng ban, đơn vị); `path` holds the ids from the root, `/1/5/`."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[is_code])
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(max_length=tree.PATH_LENGTH, db_index=True, editable=False, blank=True)
    #: Number in the tree read from top to bottom, kept by `tree.place`; siblings stand by `order`, then name.
    tree_order = models.PositiveIntegerField(default=0, db_index=True, editable=False)
    order = models.PositiveIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    room = models.CharField(pgettext_lazy("office", "room"), max_length=80, blank=True)
    duties = RichTextField(_("functions and tasks"), blank=True, features=PLAIN)
    #: The department that took this one in; whoever belongs there answers for this one as well (`places.py`).
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="predecessors",
        verbose_name=_("went into"),
    )

    objects: ClassVar = RenewingQuerySet.as_manager()

    #: Who changes the name, and by which decision; kept with the former name.
    changed_by: User | None = None
    change_note = ""
    _was: tuple[str, str] | None = None

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["tree_order", "pk"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store, keep the paths of this department and of all below it right, and remember a former name."""
        self.code, self.name = nfc(self.code), nfc(self.name)
        fields = kwargs.get("update_fields")
        super().save(*args, **kwargs)
        note_rename(self, self._was)
        self._was = (self.name, self.code)
        if fields is None or {"parent", "order", "name"} & set(fields):
            tree.place(self)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Department:
        """Remember what the department was called when it was read."""
        found = super().from_db(*args, **kwargs)
        values = found.__dict__
        found._was = (values["name"], values["code"]) if {"name", "code"} <= values.keys() else None
        return found

    @property
    def depth(self) -> int:
        """Return 0 for a root, 1 for its parts, and so on."""
        return max(len(tree.path_ids(self.path)) - 1, 0)

    def clean(self) -> None:
        """Normalise the names and refuse a place below itself."""
        self.code, self.name = nfc(self.code), nfc(self.name)
        tree.check_parent(self, self.parent)


class Position(models.Model):
    """A post that people hold in departments (chức vụ); a lower `rank` stands higher."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[is_code])
    name = models.CharField(_("name"), max_length=100)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)

    objects: ClassVar[Any] = RenewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store, with names normalised."""
        self.code, self.name = nfc(self.code), nfc(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Normalise the names."""
        self.code, self.name = nfc(self.code), nfc(self.name)


class Membership(models.Model):
    """A person's place in a department; a person may hold several, one of them the main place.

    A person without a main place counts as belonging to the department of the highest position held.
    """

    class Role(models.TextChoices):
        """What the person is to the department."""

        MEMBER = "member", _("member")
        DEPUTY = "deputy", _("deputy head")
        HEAD = "head", _("head")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="memberships", verbose_name=_("department")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="memberships", verbose_name=_("position")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_primary = models.BooleanField(_("main place"), default=False)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = MembershipQuerySet.as_manager()

    #: Set by a form set that edits several memberships at once and checks them as they will be.
    checked_together = False

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-is_primary", "position__rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "position"],
                condition=Q(until__isnull=True),
                name="membership_once",
                violation_error_message=_("This person already holds this position in this department."),
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(role="head", until__isnull=True),
                name="department_one_head",
                violation_error_message=_("This department already has a head."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_primary=True, until__isnull=True),
                name="person_one_main_place",
                violation_error_message=_("This person already has a main place."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="membership_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.position}, {self.department}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store; raises `ValidationError` like `clean()`, also when two people appoint a head at once."""
        rules.lock_for_check(self)
        rules.check_membership(self)
        super().save(*args, **kwargs)
        self._forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove a membership that was a mistake; one that ended gets an `until`."""
        self._forget()
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Refuse an end before the beginning, a second head and a second main place."""
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The end lies before the beginning.")})
        if not self.checked_together:
            rules.check_membership(self)

    def _forget(self) -> None:
        """Make the loaded person see the change."""
        if "user" in self._state.fields_cache:
            self.user.forget_places()
