"""The profile section `stamps`."""

from plugins.api.api import ProfileContext, ProfileSection, Shape, profile_sections


class StampRow(Shape):
    """One stamp."""

    code: str
    name: str


class StampsFile(Shape):
    """The file `stamps.yaml`."""

    stamps: list[StampRow] = []


@profile_sections.register
class StampsSection(ProfileSection):
    """Loads stamps."""

    code = "stamps"
    order = 200
    model = StampsFile

    def load(self, data: StampsFile, context: ProfileContext) -> None:
        """Write them."""
        from .models import Stamp

        for row in data.stamps:
            context.upsert(Stamp, {"code": row.code}, {"name": row.name})
