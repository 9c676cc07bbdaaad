"""Votes of parallel branches, kept on the process under the token of the branch."""

from __future__ import annotations

import re
from typing import Any

from viewflow.workflow.token import Token


def cast(process: Any, token: Token, vote: bool) -> None:
    """Record how the branch of `token` votes; outside of a parallel block nothing is recorded.

    The process row is locked while a decision runs, so no vote is ever lost.
    """
    if token.is_split_token():
        process.data.setdefault("votes", {})[token.token] = vote
        process.save(update_fields=["data"])


def votes_of(process: Any, join: Any) -> list[bool]:
    """Return the votes of the branches that the task `join` waits for, in its round."""
    pattern = re.compile(re.escape(f"{join.token.token}/{join.data['split']}_") + r"\d+")
    votes = process.data.get("votes", {})
    return [vote for token, vote in votes.items() if pattern.fullmatch(token)]


def split_of(token: Token) -> int:
    """Return the key of the split task that gave out a branch's token (`start/5_2` gives 5)."""
    return int(token.token.rsplit("/", 1)[1].split("_")[0])
