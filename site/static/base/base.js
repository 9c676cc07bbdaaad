// Small comforts of the layout. Everything works without them.
(() => {
  const closeDrops = (except) => {
    for (const drop of document.querySelectorAll("details[data-drop][open]")) {
      if (drop !== except) drop.removeAttribute("open");
    }
  };
  document.addEventListener("click", (event) => {
    closeDrops(event.target.closest("details[data-drop]"));
    const close = event.target.closest("[data-close]");
    if (close) close.closest("[data-message]").remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("details[data-drop][open]");
      if (open) {
        open.removeAttribute("open");
        open.querySelector("summary").focus();
      } else if (location.hash === "#menu") {
        location.hash = "";
        document.querySelector(".top-menu")?.focus();
      }
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.getElementById("top-search-q");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    }
  });
  for (const button of document.querySelectorAll("[data-close]")) button.hidden = false;
  // A second press on the same button must not send the form twice, unless it only fetches a file.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || "again" in event.target.dataset) return;
    if (event.target.dataset.sent) event.preventDefault();
    else event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  // Filters that apply as soon as they change; a button does it without JavaScript.
  for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
})();
