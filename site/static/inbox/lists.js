// Keys and choosing in the inbox. Without this file everything works by mouse, tab and space.
const list = document.querySelector("[data-list]");
const dialog = document.querySelector("[data-keys-dialog]");
const STORED = "inbox-keys-off";

const rows = () => [...document.querySelectorAll("[data-row]")];
const picks = () => [...document.querySelectorAll("[data-pick]")];

const choosing = () => {
  const all = document.querySelector("[data-pick-all]");
  const bar = document.querySelector("[data-pick-bar]");
  if (!all || !bar) return;
  const count = bar.querySelector("[data-pick-count]");
  const show = () => {
    const chosen = picks().filter((pick) => pick.checked).length;
    all.checked = chosen > 0 && chosen === picks().length;
    all.indeterminate = chosen > 0 && !all.checked;
    count.textContent = chosen ? `${count.dataset.some}${chosen}` : count.dataset.none;
    for (const button of bar.querySelectorAll("button")) button.disabled = chosen === 0;
    bar.classList.toggle("is-chosen", chosen > 0);
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const pick of picks()) pick.checked = all.checked;
    show();
  });
  list.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick]")) show();
  });
  window.addEventListener("pageshow", show);
  show();
};

const areOn = () => {
  try {
    return localStorage.getItem(STORED) === null;
  } catch {
    return true;
  }
};

const turn = (on) => {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "1");
  } catch {
    // A browser that stores nothing keeps the keys on.
  }
};

const step = (by) => {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
  next?.querySelector(".flow-title").focus();
  next?.scrollIntoView({ block: "nearest" });
};

const current = () => rows().find((row) => row.contains(document.activeElement));

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => current()?.querySelector("[data-pick]")?.click(),
  o: () => current()?.querySelector(".flow-title").click(),
  "/": () => document.getElementById("filter-q")?.focus(),
  "?": () => dialog.showModal(),
};

// Before the layout's own search key: in a list the list is searched.
document.addEventListener(
  "keydown",
  (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !areOn()) return;
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  },
  { capture: true },
);

// Where the tabs are wider than the screen the current one is in sight.
const tab = document.querySelector(".list-tab.active");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16;

if (list) choosing();
if (dialog) {
  const button = document.querySelector("[data-keys-help]");
  const on = dialog.querySelector("[data-keys-on]");
  on.checked = areOn();
  on.addEventListener("change", () => turn(on.checked));
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
