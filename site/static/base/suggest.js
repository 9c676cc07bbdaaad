// The list below a search box: a combobox after the ARIA Authoring Practices (editable, list, no automatic selection).
// Without JavaScript the box is a plain search field; the list never takes that away.
(() => {
  const WAIT = 180;
  const SHORTEST = 2;
  let made = 0;

  const attach = (holder) => {
    const input = holder.querySelector("input[type=search]");
    if (!input) return;
    const list = document.createElement("ul");
    const status = document.createElement("span");
    list.className = "suggest-list";
    list.id = `suggest-list-${++made}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
    list.hidden = true;
    status.className = "visually-hidden";
    status.setAttribute("aria-live", "polite");
    holder.append(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }

    let timer = 0;
    let asked = null;
    let active = -1;
    const options = () => [...list.children];

    const close = () => {
      clearTimeout(timer);
      asked?.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    };
    const open = () => {
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };
    const choose = (place) => {
      const all = options();
      active = place;
      all.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
      const chosen = all[place];
      if (chosen) {
        input.setAttribute("aria-activedescendant", chosen.id);
        chosen.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    };
    const go = (option) => {
      const url = option.dataset.url;
      close();
      if (url) location.assign(url);
    };

    const ask = async () => {
      const text = input.value.trim();
      if (text.length < SHORTEST) {
        close();
        return;
      }
      asked?.abort();
      const mine = new AbortController();
      asked = mine;
      let answer;
      try {
        const address = `${holder.dataset.suggest}?q=${encodeURIComponent(text)}`;
        answer = await fetch(address, { signal: mine.signal, headers: { "X-Requested-With": "fetch" } });
        // An expired session leads to the login page: no list then, and Enter still searches.
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        const html = await answer.text();
        if (mine.signal.aborted || input !== document.activeElement) return;
        list.innerHTML = html;
      } catch {
        if (!mine.signal.aborted) close();
        return;
      }
      options().forEach((option, number) => {
        option.id = `${list.id}-${number}`;
      });
      const some = options().length > 0;
      choose(-1);
      status.textContent = some ? (holder.dataset.some ?? "").replace("[n]", String(options().length)) : "";
      if (some) open();
      else close();
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const all = options();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) {
          ask();
          return;
        }
        const step = event.key === "ArrowDown" ? 1 : -1;
        // Beyond either end stands what was typed.
        const places = all.length + 1;
        choose(((active + 1 + step + places) % places) - 1);
      } else if (event.key === "Enter") {
        if (!list.hidden && active >= 0) {
          event.preventDefault();
          go(all[active]);
        } else {
          close();
        }
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
    input.addEventListener("blur", close);
  };

  for (const holder of document.querySelectorAll("[data-suggest]")) attach(holder);
})();
