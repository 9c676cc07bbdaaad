"""Delegations and authorities to sign: the acts, the page “Đi vắng – ủy quyền”, the lists of administrators."""
