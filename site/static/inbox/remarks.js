// Offers people while a name is typed behind @ in a remark. Without it, user names are typed in full.
"use strict";

(() => {
  const OPEN = /(?:^|[^\p{L}\p{N}@.+-])@([\p{L}\p{N}.+_-]*)$/u;
  let count = 0;

  const attach = (text) => {
    const list = document.createElement("ul");
    list.className = "mention-list card";
    list.id = `mention-list-${++count}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", text.dataset.label);
    list.hidden = true;
    text.after(list);
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", list.id);
    let asked = 0;
    let timer = 0;

    const close = () => {
      list.hidden = true;
      list.replaceChildren();
      text.removeAttribute("aria-activedescendant");
    };
    const typed = () => OPEN.exec(text.value.slice(0, text.selectionStart));
    const choose = (option) => {
      const found = typed();
      if (found) {
        const start = text.selectionStart - found[1].length;
        const rest = text.value.slice(text.selectionStart);
        const name = `${option.dataset.username}${/^\s/.test(rest) ? "" : " "}`;
        text.value = text.value.slice(0, start) + name + rest;
        text.setSelectionRange(start + name.length, start + name.length);
      }
      close();
      text.focus();
    };
    const mark = (option) => {
      for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
      text.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const show = (people) => {
      list.replaceChildren(
        ...people.map((person, index) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${index}`;
          option.setAttribute("role", "option");
          option.dataset.username = person.username;
          const name = document.createElement("strong");
          name.textContent = person.name;
          const place = document.createElement("span");
          place.textContent = [`@${person.username}`, person.place].filter(Boolean).join(" · ");
          option.append(name, place);
          option.addEventListener("pointerdown", (event) => {
            event.preventDefault();
            choose(option);
          });
          return option;
        }),
      );
      list.hidden = !people.length;
      if (people.length) mark(list.firstElementChild);
    };
    const ask = async () => {
      const found = typed();
      if (!found) return close();
      const mine = ++asked;
      const audience = text.dataset.audience || text.form.elements.audience?.value || "";
      try {
        const answer = await fetch(`${text.dataset.people}?${new URLSearchParams({ q: found[1], audience })}`);
        if (answer.ok && mine === asked) show((await answer.json()).people);
      } catch {
        close();
      }
    };
    text.addEventListener("input", () => {
      clearTimeout(timer);
      if (!typed()) return close();
      timer = setTimeout(ask, 150);
    });
    text.addEventListener("blur", close);
    text.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const options = [...list.children];
      const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(options[(at + step + options.length) % options.length]);
      } else if (event.key === "Enter" || event.key === "Tab") choose(options[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  };

  for (const text of document.querySelectorAll("textarea[data-people]")) attach(text);
})();
