"""Check and publish one dossier type from a YAML file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home.forms.api import SchemaError
from home.people.api import User
from plugins.api.api import ProfileError, YamlFile, read_yaml
from workflows.definitions.definition import Definition
from workflows.definitions.lint import errors
from workflows.definitions.publish import check, publish
from workflows.steps.api import Finding


class Command(BaseCommand):
    """`manage.py publish_type FILE [--dry-run] [--by USERNAME]`."""

    help = "Check a dossier type in a YAML file and publish it as the next version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and who publishes."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only check")
        parser.add_argument("--by", metavar="USERNAME", help="who publishes, for the audit trail")

    def handle(self, *args: Any, file: Path, dry_run: bool, by: str | None, **options: Any) -> None:
        """Print every finding; errors end with exit code 1 and publish nothing."""
        source = self._read(file)
        definition = self._parse(source)
        findings = check(definition)
        for finding in findings:
            self.stdout.write(self._line(source, finding))
        if errors(findings):
            raise CommandError("Nothing was published.")
        if dry_run:
            self.stdout.write(f"{definition.code} can be published.")
            return
        version = publish(definition, by=self._person(by))
        self.stdout.write(f"{definition.code}: version {version.number} is current.")

    def _read(self, file: Path) -> YamlFile:
        try:
            return read_yaml(file, name=file.name)
        except (OSError, ProfileError) as error:
            raise CommandError(str(error)) from error

    def _parse(self, source: YamlFile) -> Definition:
        try:
            return Definition.parse(source.data)
        except SchemaError as error:
            lines = []
            for problem in error.problems:
                known = f" ({', '.join(problem.known)})" if problem.known else ""
                lines.append(str(source.problem(problem.place, problem.message + known)))
            raise CommandError("\n".join([*lines, "Nothing was published."])) from error

    def _line(self, source: YamlFile, finding: Finding) -> str:
        return f"{finding.level} {finding.code} {source.problem(finding.place, finding.message)}"

    def _person(self, username: str | None) -> User | None:
        if username is None:
            return None
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"No active person is called {username!r}.")
        return person
