// The bell opens a drop-down with the latest notifications; without this script it is a link to the list.
(() => {
  const bell = document.querySelector("[data-bell]");
  if (!bell || !window.htmx) return;
  const link = bell.querySelector("a");
  const panel = bell.querySelector("#bell-panel");
  link.setAttribute("aria-expanded", "false");
  const close = (back) => {
    if (panel.hidden) return;
    panel.hidden = true;
    link.setAttribute("aria-expanded", "false");
    if (back) link.focus();
  };
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (panel.hidden) htmx.trigger(link, "open");
    else close(true);
  });
  // A list that cannot be fetched is still one press away.
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    link.addEventListener(failed, () => window.location.assign(link.href));
  }
  panel.addEventListener("htmx:afterSwap", () => {
    const opened = panel.hidden;
    panel.hidden = false;
    link.setAttribute("aria-expanded", "true");
    if (opened || !panel.contains(document.activeElement)) panel.querySelector("#bell-title")?.focus();
  });
  document.addEventListener("click", (event) => {
    // What was pressed may have been swapped away meanwhile.
    if (event.target.isConnected && !bell.contains(event.target)) close(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
})();
