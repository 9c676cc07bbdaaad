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
      page.getElementById(around.getAttribute("aria-labelledby"))?.click();
    }
    if (around.id && (around.hidden || around.hasAttribute("hidden"))) {
      const toggle = page.querySelector(`[aria-controls="${CSS.escape(around.id)}"][aria-expanded="false"]`);
      toggle?.click();
    }
  }
}

function show(block) {
  const page = editor();
  const place = page?.querySelector(`[data-contentpath="${CSS.escape(block)}"]`);
  if (!place) return false;
  reveal(place);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  place.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  const field = place.querySelector("input:not([type=hidden]), select, textarea, button");
  field?.focus({ preventScroll: true });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-block], .flow-diagram a");
  if (!link) return;
  event.preventDefault();
  show(decodeURIComponent((link.getAttribute("href") ?? "").slice(1)));
});
