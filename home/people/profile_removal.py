"""Removing the people of a demo: deleted where nothing names them, else switched off; edited ones stay."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plugins.api.api import Removal, RemovalError

from .models import Membership, User

_KIND = "people.user"


def prepare_people(removal: Removal) -> None:
    """Note who was not edited: those go or are switched off. Raises `RemovalError` without another administrator."""
    things = {thing.key: thing for thing in removal.things(_KIND)}
    people = User.objects.filter(pk__in=list(things))
    leaving = {str(person.pk) for person in people if not removal.is_edited(things[str(person.pk)], person)}
    removal.let_go[_KIND] = leaving
    others = User.objects.active().filter(is_superuser=True).exclude(pk__in=list(leaving))
    if not others.exists():
        raise RemovalError(
            _(
                "Nobody who may do everything would be left: make an administrator of your own first, and log in so."
            )
        )
    if removal.by is not None and str(removal.by.pk) in leaving:
        raise RemovalError(
            _("You are logged in as somebody of the demo. Log in as an administrator of your own.")
        )


def remove_people(removal: Removal, kinds: Iterable[str]) -> None:
    """Remove places, people, departments, posts and groups, as far as the rule allows it."""
    leaving = removal.let_go[_KIND]
    for thing in removal.things(*kinds):
        if thing.kind == "people.membership":
            place = Membership.objects.filter(pk=thing.key).first()
            if place is not None and str(place.user_id) not in leaving:
                continue
        removal.remove(thing)


def switch_off_people(removal: Removal) -> None:
    """Deactivate who could not go, and take all rights: their names stay where the history has them."""
    name = str(User._meta.verbose_name_plural)
    for person in User.objects.filter(pk__in=list(removal.let_go[_KIND])):
        person.groups.clear()
        person.user_permissions.clear()
        person.is_active = person.is_superuser = person.is_staff = False
        person.set_unusable_password()
        person.save()
        removal.switched_off[name] += 1
    removal.stays.pop((name, "used"), None)
