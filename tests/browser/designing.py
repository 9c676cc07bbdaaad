"""What people do in the editor of dossier types: adding blocks, filling them in, publishing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import TimeoutError, expect

ADD = "/admin/snippets/designer/flowdraft/add/"
LIST = "/admin/snippets/designer/flowdraft/"


def choose(page: Any, plus: Any, kind: str, is_added: Callable[[], bool]) -> None:
    """Press a “+” of Wagtail and pick the kind of the new block.

    The list of kinds unfolds while the editor still moves the blocks above it, and on a busy machine a press can fall
    beside what moves: then nothing happens, and one presses again, as people do.
    """
    option = page.get_by_role("option", name=kind, exact=True)
    for _attempt in range(5):
        if not option.is_visible():
            plus.click()
        with suppress(TimeoutError):
            option.click(timeout=5_000)
        for _look in range(50):
            if is_added():
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"No block of the kind {kind!r} can be added.")


class Editor:
    """The editor in one page; blocks are named by the prefix of their inputs (`flow-0-value-who`)."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @property
    def preview(self) -> Any:
        """The page in the frame of the preview panel."""
        return self.page.frame_locator("[data-side-panel=preview] iframe").last

    def tab(self, name: str) -> None:
        """Go to a tab."""
        self.page.get_by_role("tab", name=name).click()

    def add(self, prefix: str, kind: str = "") -> str:
        """Add a block to a list and return its prefix; `kind` is picked from the chooser where there is one."""
        count = self.page.locator(f'input[name="{prefix}-count"]')
        number = int(count.input_value())
        inside = "[data-streamfield-stream-container], [data-streamfield-list-container]"
        container = count.locator("xpath=..").locator(inside).first
        adding = container.locator("xpath=./button | ./div/button[contains(@class, 'c-sf-add-button')]")
        if kind:
            choose(self.page, adding.last, kind, lambda: int(count.input_value()) > number)
        else:
            adding.last.click()
        expect(count).to_have_value(str(number + 1))
        return f"{prefix}-{number}-value"

    def fill(self, prefix: str, **values: str) -> None:
        """Type into the inputs of a block."""
        for name, value in values.items():
            self.page.locator(f'[name="{prefix}-{name}"]').fill(value)

    def pick(self, name: str, label: str) -> None:
        """Choose an entry of a chooser by its words; its list is there once it has the focus."""
        chooser = self.page.locator(f'select[name="{name}"]')
        chooser.focus()
        chooser.select_option(label=label)

    def alternative(self, prefix: str, label: str) -> str:
        """Choose one of several alternatives and return the prefix of its options."""
        self.page.locator(f'[id="{prefix}-choice"]').select_option(label=label)
        return f"{prefix}-0-value"

    def question(self, kind: str, label: str, *, required: bool = True) -> None:
        """Ask a question in the first section."""
        prefix = self.add("form-0-value-questions", kind)
        self.fill(prefix, label=label)
        if required:
            self.page.locator(f'[name="{prefix}-required"]').check()

    def position(self, prefix: str, position: str, department: str) -> None:
        """Say that whoever holds a position acts."""
        inner = self.alternative(prefix, "Người giữ một chức vụ")
        self.pick(f"{inner}-position", position)
        self.pick(f"{inner}-department", department)

    def opinion(self, block: str, number: int, department: str) -> None:
        """Ask anyone of a department in a branch of a parallel block."""
        branch = f"{block}-branches-{number}-value"
        if not self.page.locator(f'input[name="{branch}-title"]').count():
            self.add(f"{block}-branches")
        step = self.add(f"{branch}-steps", "Cho ý kiến")
        self.fill(step, title=f"Ý kiến {department.lstrip('— ')}")
        self.pick(f"{self.alternative(f'{step}-who', 'Bất kỳ ai của một đơn vị')}-department", department)
        self.position(f"{step}-fallback", "Chánh Văn phòng", "— Văn phòng UBND thành phố")

    def publish(self) -> None:
        """Press “Ban hành”."""
        footer = self.page.locator("footer")
        footer.locator("[data-w-dropdown-target=toggle]").click()
        self.page.get_by_role("button", name="Ban hành").click()
