/* The search box for readers of a page: chips of those chosen, and a list of what was found. */
(() => {
  const PAUSE = 250;
  const SHORTEST = 2;

  function part(tag, text, className) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function chip(box, found, reader) {
    const item = document.createElement("li");
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: box.dataset.name, value: reader.value });
    const remove = part("button", "×");
    remove.type = "button";
    remove.dataset.readersRemove = "";
    remove.setAttribute("aria-label", `${found.dataset.remove} ${reader.name}`);
    item.append(value, part("span", reader.kind, "readers-kind"), " ", part("span", reader.name), remove);
    return item;
  }

  function choose(box, reader) {
    const chosen = box.querySelector("[data-readers-chosen]");
    const found = box.querySelector("[data-readers-found]");
    const known = [...chosen.querySelectorAll("input")].some((input) => input.value === reader.value);
    if (!known) chosen.append(chip(box, found, reader));
    const search = box.querySelector("[data-readers-search]");
    search.value = "";
    found.hidden = true;
    search.focus();
    search.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function show(box, readers) {
    const found = box.querySelector("[data-readers-found]");
    const rows = readers.map((reader) => {
      const item = document.createElement("li");
      const button = part("button", "");
      button.type = "button";
      button.append(part("span", reader.kind, "readers-kind"), " ", part("span", reader.name));
      button.addEventListener("click", () => choose(box, reader));
      item.append(button);
      return item;
    });
    found.replaceChildren(...(rows.length ? rows : [part("li", found.dataset.nothing)]));
    found.hidden = false;
  }

  async function search(box, input, ticket) {
    const found = box.querySelector("[data-readers-found]");
    const query = input.value.trim();
    if (query.length < SHORTEST) {
      found.hidden = true;
      return;
    }
    try {
      const answer = await fetch(`${box.dataset.url}?q=${encodeURIComponent(query)}`, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (!answer.ok) throw new Error(answer.status);
      const { readers } = await answer.json();
      if (ticket === input.dataset.ticket) show(box, readers);
    } catch {
      found.replaceChildren(part("li", found.dataset.failed));
      found.hidden = false;
    }
  }

  let timer;
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !("readersSearch" in input.dataset)) return;
    clearTimeout(timer);
    const ticket = String(Number(input.dataset.ticket || 0) + 1);
    input.dataset.ticket = ticket;
    timer = setTimeout(() => search(input.closest("[data-readers]"), input, ticket), PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !("readersSearch" in input.dataset)) return;
    const found = input.closest("[data-readers]").querySelector("[data-readers-found]");
    if (event.key === "Enter") {
      event.preventDefault();
      if (!found.hidden) found.querySelector("button")?.click();
    }
    if (event.key === "Escape") found.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const remove = event.target instanceof Element && event.target.closest("[data-readers-remove]");
    if (!remove) return;
    const box = remove.closest("[data-readers]");
    remove.closest("li").remove();
    box.querySelector("[data-readers-search]").focus();
  });
})();
