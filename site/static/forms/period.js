// Counts the working days of a period while its days are picked; the server counts again.
(() => {
  // Two forms on a page bring the script twice.
  if (document.documentElement.dataset.formsPeriod) return;
  document.documentElement.dataset.formsPeriod = "1";
  const DAY = 24 * 3600 * 1000;
  const LONGEST = 1830;
  const read = (input) => (/^\d{4}-\d{2}-\d{2}$/.test(input.value) ? Date.parse(`${input.value}T00:00:00Z`) : NaN);
  const count = (box) => {
    const first = read(box.querySelector("[data-from]"));
    const last = read(box.querySelector("[data-to]"));
    if (!(first <= last) || last - first > LONGEST * DAY) return "";
    const week = box.dataset.week.split(" ");
    const changes = new Map(box.dataset.changes.split(" ").map((word) => [word.slice(0, 10), word.slice(10) === "+"]));
    let days = 0;
    for (let at = first; at <= last; at += DAY) {
      const day = new Date(at);
      const changed = changes.get(day.toISOString().slice(0, 10));
      if (changed === undefined ? week.includes(String(day.getUTCDay())) : changed) days += 1;
    }
    return days === 1 ? box.dataset.one : box.dataset.two.replace("2", days);
  };
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-period]");
    if (box) box.nextElementSibling.textContent = count(box);
    if (box && event.target.matches("[data-from]")) box.querySelector("[data-to]").min = event.target.value;
  });
})();
