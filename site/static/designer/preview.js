// In the preview of a draft: a step or a finding that is clicked is shown in the editor around the frame.

function editor() {
  try {
    return window.parent !== window ? window.parent.document : null;
  } catch {
    return null; // the frame of another site
  }
}

// Show the tab that holds an element, and unfold what is folded around it.
function reveal(element) {
  const page = element.ownerDocument;
  for (let around = element; around; around = around.parentElement) {
    if (around.getAttribute("role") === "tabpanel" && around.hidden) {
      page.querySelector(`[role="tab"][href="#${CSS.escape(around.id)}"]`)?.click();
    }
    if (around.matches("[data-panel]")) {
      around.querySelector('[data-panel-toggle][aria-expanded="false"]')?.click();
    }
  }
}

function show(block) {
  const page = editor();
  const place = page?.querySelector(`[data-contentpath="${CSS.escape(block)}"]`);
  if (!place) return false;
  reveal(place);
  // A tab that was opened just now has its place on the screen only after it is drawn.
  window.setTimeout(() => {
    place.scrollIntoView({ block: "start" });
    window.parent.focus();
    const fields = place.querySelectorAll("input:not([type=hidden]), select, textarea");
    const field = [...fields].find((one) => one.offsetParent !== null);
    field?.focus({ preventScroll: true });
  }, 150);
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-block], .flow-diagram a");
  if (!link) return;
  event.preventDefault();
  show(decodeURIComponent((link.getAttribute("href") ?? "").slice(1)));
});
