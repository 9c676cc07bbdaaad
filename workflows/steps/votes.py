"""Votes of parallel branches, kept on the process under the token of the branch."""

from __future__ import annotations

from typing import Any

from viewflow.workflow.token import Token


def cast(process: Any, token: Token, vote: bool) -> None:
    """Record how the branch of `token` votes; outside of a parallel block nothing is recorded.

    The process row is locked while a decision runs, so no vote is ever lost.
    """
    if token.is_split_token():
        process.data.setdefault("votes", {})[token.token] = vote
        process.save(update_fields=["data"])


def votes_of(process: Any, join: Any) -> list[bool | None]:
    """Return how each branch voted that has come to the task `join` in its round; None where nobody was asked.

    A branch on its way counts for nothing: a later step of it may still vote otherwise.
    """
    votes = process.data.get("votes", {})
    prefix = f"{join.token.token}/{join.data['split']}_"
    tokens = sorted({str(token) for token in join.previous.values_list("token", flat=True)})
    return [votes.get(token) for token in tokens if token.startswith(prefix)]


def split_of(token: Token) -> int:
    """Return the key of the split task that gave out a branch's token (`start/5_2` gives 5)."""
    return int(token.token.rsplit("/", 1)[1].split("_")[0])
