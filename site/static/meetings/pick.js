// Narrows long lists of check boxes while typing; without it the lists are simply long.
"use strict";

function fold(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
}

for (const group of document.querySelectorAll("[data-pick]")) {
  const filter = group.querySelector("[data-pick-filter]");
  const rows = [...group.querySelectorAll(".form-check")];
  if (rows.length < 8) continue;
  filter.hidden = false;
  filter.addEventListener("input", () => {
    const wanted = fold(filter.value);
    for (const row of rows) {
      const chosen = row.querySelector("input").checked;
      row.hidden = !chosen && !fold(row.textContent).includes(wanted);
    }
  });
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
