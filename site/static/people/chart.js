// The organisation chart: folds without scripts; this adds the arrow keys and the buttons for all.
(() => {
  const chart = document.querySelector(".chart");
  if (!chart) return;
  const folds = () => [...chart.querySelectorAll("details")];
  for (const part of document.querySelectorAll("[data-chart]")) part.hidden = false;
  document.querySelector("[data-chart=open]")?.addEventListener("click", () => {
    for (const fold of folds()) fold.open = true;
  });
  document.querySelector("[data-chart=close]")?.addEventListener("click", () => {
    for (const fold of folds()) fold.open = fold.parentElement.parentElement === chart;
  });
  // A unit that the address names is shown, whatever is folded.
  const target = location.hash.startsWith("#unit-") && document.getElementById(location.hash.slice(1));
  if (target) target.querySelector(".chart-link").focus();
  const visible = () => [...chart.querySelectorAll(".chart-link")].filter((link) => link.offsetParent);
  chart.addEventListener("keydown", (event) => {
    const item = event.target.closest(".chart-item");
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
    const link = item.querySelector(".chart-link");
    const fold = item.querySelector(":scope > details");
    const all = visible();
    const place = all.indexOf(link);
    let goal = null;
    if (event.key === "ArrowDown") goal = all[place + 1];
    else if (event.key === "ArrowUp") goal = all[place - 1];
    else if (event.key === "Home") goal = all[0];
    else if (event.key === "End") goal = all[all.length - 1];
    else if (event.key === "ArrowRight" && fold) {
      if (fold.open) goal = fold.querySelector(":scope > .chart-below .chart-link");
      else fold.open = true;
      goal = goal || link;
    } else if (event.key === "ArrowLeft") {
      if (fold?.open) {
        fold.open = false;
        goal = link;
      } else goal = item.parentElement.closest(".chart-item")?.querySelector(".chart-link");
    } else return;
    event.preventDefault();
    goal?.focus();
  });
})();
