// What the checks find, beside the step that it concerns; asked for again after every automatic save.
(() => {
  const box = document.getElementById("designer-findings");
  const form = document.getElementById("w-editor-form");
  if (!box || !form) return;

  /** Put each finding into the block that it concerns, below the block's heading. */
  function mark() {
    document.querySelectorAll(".designer-mark").forEach((element) => element.remove());
    box.querySelectorAll("li[data-at]").forEach((item) => {
      const at = item.dataset.at;
      const block = at && document.querySelector(`[data-streamfield-child][data-contentpath="${CSS.escape(at)}"]`);
      if (!block) return;
      const content = block.querySelector(".w-panel__content");
      const note = document.createElement("p");
      note.className = `designer-mark ${item.className}`;
      const [level, text] = ["b", "a, span"].map((part) => item.querySelector(part).textContent.trim());
      note.textContent = `${level}: ${text}`;
      content.prepend(note);
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

  /** Open what hides a block before the page jumps to it: tabs and folded panels. */
  box.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#block-"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    const tab = target.closest('[role="tabpanel"]');
    const label = tab && document.querySelector(`[role="tab"][href="#${tab.id}"]`);
    if (label && tab.hidden) label.click();
    for (let panel = target; panel; panel = panel.parentElement.closest("[data-panel]")) {
      const toggle = panel.querySelector("[data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
    target.scrollIntoView({ block: "start" });
    event.preventDefault();
  });

  document.addEventListener("w-autosave:success", ask);
  window.addEventListener("load", mark);
})();
