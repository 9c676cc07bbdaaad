"""A channel that nobody has an address in: it shows where a gateway would go."""

from home.notifications.api import Channel, Message, channels
from home.people.api import User


class Pneumatic(Channel):
    """The pneumatic post."""

    code = "stamp-post"
    label = "Pneumatic post"
    on_by_default = False

    def reaches(self, user: User) -> bool:
        """Nobody has a tube."""
        return False

    def send(self, session: object, message: Message) -> None:
        """Never called."""
        raise NotImplementedError


channels.register(Pneumatic())
