// The editor of dossier types around its form: what the checks find beside the step that it concerns, one line of help
// at every kind of step and question, and the preview that stands open until somebody closes it.
(() => {
  const box = document.getElementById("designer-findings");
  const form = document.getElementById("w-editor-form");
  if (!form) return;

  // --- findings --------------------------------------------------------------------------------------------

  /** Return where a finding stands: the content of its block, or of the panel of its field. */
  function placeOf(at) {
    const block = form.querySelector(`[data-streamfield-child][data-contentpath="${CSS.escape(at)}"]`);
    if (block) return block.querySelector(".w-panel__content");
    const field = form.querySelector(`[data-contentpath="${CSS.escape(at)}"]`);
    return field && !field.closest("[data-streamfield-child]") ? field : null;
  }

  /** Put each finding into the block that it concerns, below the block's heading. */
  function mark() {
    document.querySelectorAll(".designer-mark").forEach((element) => element.remove());
    box.querySelectorAll("li[data-at]").forEach((item) => {
      const place = item.dataset.at && placeOf(item.dataset.at);
      if (!place) return;
      const note = document.createElement("p");
      note.className = `designer-mark ${item.className}`;
      const [level, text] = ["b", "span"].map((part) => item.querySelector(part).textContent.trim());
      note.textContent = `${level}: ${text}`;
      place.prepend(note);
    });
  }

  async function ask() {
    if (!box.dataset.url) return;
    const answer = await fetch(box.dataset.url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) return;
    const open = box.querySelector("details[open]");
    box.innerHTML = await answer.text();
    const details = box.querySelector("details");
    if (open && details) details.open = true;
    mark();
  }

  /** Open what hides an element: tabs and folded panels; then show it and go into its first field. */
  function reveal(target) {
    const tab = target.closest('[role="tabpanel"]');
    const label = tab && document.querySelector(`[role="tab"][href="#${tab.id}"]`);
    if (label && tab.hidden) label.click();
    for (let panel = target.closest("[data-panel]"); panel; panel = panel.parentElement.closest("[data-panel]")) {
      const toggle = panel.querySelector("[data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
    target.scrollIntoView({ block: "start" });
    const fields = Array.from(target.querySelectorAll("input:not([type=hidden]), select, textarea"));
    const field = fields.find((one) => one.checkVisibility());
    if (field) field.focus({ preventScroll: true });
  }

  /** Return what the address or a link of a finding names: a block, or a field. */
  function named(hash) {
    const name = decodeURIComponent(hash.slice(1));
    const block = name.startsWith("block-") && document.getElementById(name);
    return block || (name.startsWith("field-") && form.querySelector(`[data-contentpath="${CSS.escape(name.slice(6))}"]`));
  }

  function go(hash, event) {
    const target = named(hash);
    if (!target) return;
    if (event) event.preventDefault();
    reveal(target);
  }

  if (box) {
    box.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      if (link) go(link.hash, event);
    });
    document.addEventListener("w-autosave:success", ask);
    window.addEventListener("load", () => {
      mark();
      // The address of a link in the try-out names a block; its tab opens a moment after the page has loaded.
      if (window.location.hash) window.setTimeout(() => go(window.location.hash), 300);
    });
  }

  // --- saving by itself, and what goes on beside it ---------------------------------------------------------

  // A button that is pressed while the page saves by itself waits for the answer: two saves at once would make two
  // types, or take each other for a newer version. What is sent then holds everything, so nothing is saved in between.
  let saving = false;
  let leaving = false;
  let pressed = null;
  document.addEventListener("w-autosave:save", (event) => {
    if (leaving) event.preventDefault();
    else saving = true;
  });
  form.addEventListener("submit", (event) => {
    leaving = true;
    if (!saving) {
      // A question before it goes (an approval that runs would be cancelled) keeps the page, and its saving.
      window.setTimeout(() => { leaving = !event.defaultPrevented; }, 0);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
  }, { capture: true });
  const saved = () => {
    saving = false;
    if (!leaving) return;
    // Its button may be locked already against a second click; a locked one would not be sent.
    if (pressed) pressed.disabled = false;
    form.requestSubmit(pressed);
  };
  document.addEventListener("w-autosave:success", saved);
  document.addEventListener("w-autosave:error", saved);

  // A page that comes back with errors counts as changed. Wagtail (8.0) saves that once, and then no longer looks for
  // what is typed. Told how often to look, it begins again; what was typed during that first save is saved with a second.
  if (form.dataset.wUnsavedForceValue === "true") {
    const look = () => {
      form.dataset.wUnsavedForceValue = "false";
      form.dataset.wUnsavedCheckIntervalValue = "450";
      form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
    };
    document.addEventListener("w-autosave:success", look, { once: true });
  }

  // --- one line of help at every kind ----------------------------------------------------------------------

  const script = document.getElementById("steps-lists");
  const help = (script && JSON.parse(script.textContent).help) || {};

  /** Say below each offered kind what it is for. */
  function explain() {
    const options = document.querySelectorAll(".w-combobox__option:not([data-explained])");
    if (!options.length) return;
    options.forEach((option) => {
      const around = option.closest("[data-contentpath]");
      const texts = help[around ? around.dataset.contentpath : ""] || {};
      const text = texts[option.querySelector(".w-combobox__option-text").textContent.trim()];
      option.dataset.explained = "";
      if (!text) return;
      option.setAttribute("aria-description", text);
      const line = document.createElement("small");
      line.className = "designer-help";
      line.setAttribute("aria-hidden", "true");
      line.textContent = text;
      option.append(line);
    });
  }

  // --- names for those who do not see where a field stands --------------------------------------------------

  /** Give each field of a list without a label of its own the label of the list. */
  function nameFields() {
    form.querySelectorAll("select, textarea, input:not([type=hidden])").forEach((field) => {
      if ((field.labels && field.labels.length) || field.hasAttribute("aria-label") || field.hasAttribute("aria-labelledby")) return;
      for (let around = field.parentElement; around && around !== form; around = around.parentElement) {
        const label = around.matches("[data-contentpath]") && around.querySelector("label, .w-field__label, .w-panel__heading");
        const words = label && label.textContent.replace("*", "").trim();
        if (words) {
          field.setAttribute("aria-label", words);
          return;
        }
      }
    });
  }

  let naming = null;
  new MutationObserver(() => {
    explain();
    window.clearTimeout(naming);
    naming = window.setTimeout(nameFields, 250);
  }).observe(document.body, { childList: true, subtree: true });
  nameFields();

  // The closed side panel lies outside of the page; going to something in a deep block must not scroll it into view.
  const main = form.closest("main");
  if (main) main.addEventListener("scroll", () => { if (main.scrollLeft) main.scrollLeft = 0; });

  // --- the preview -----------------------------------------------------------------------------------------

  // Wagtail remembers which side panel was open, and that none was; whoever has never chosen sees the flow.
  try {
    const key = "wagtail:side-panel-open";
    if (window.localStorage.getItem(key) === null && window.innerWidth >= 1200) window.localStorage.setItem(key, "preview");
  } catch {
    // A browser that keeps nothing: the preview opens by its button.
  }
})();
