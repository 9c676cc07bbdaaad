// The editor of forms in the browser: keys that nobody types, choosers of questions, and conditions that are picked.
// The editor of flows (`steps/editor.js`) adds lists, readers and things to do to `window.formsEditor`.
(() => {
  if (window.formsEditor) return;
  const OPERATORS = {
    text: ["eq", "ne", "has", "has_not", "filled", "empty"],
    number: ["eq", "ne", "gt", "ge", "lt", "le", "filled", "empty"],
    day: ["eq", "ne", "after", "before", "filled", "empty"],
    truth: ["yes", "no"],
    many: ["has", "has_not", "filled", "empty"],
    files: ["filled", "empty"],
  };
  const BARE = ["yes", "no", "filled", "empty"];

  /** What others add: readers of hidden inputs, sources of choosers, things to do when the page has changed. */
  const more = { readers: [], sources: {}, afterwards: [] };

  // --- what the page knows -------------------------------------------------------------------------------

  let given = null;

  function written(id) {
    const script = document.getElementById(id);
    return script ? JSON.parse(script.textContent) : {};
  }

  /** Return the lists that the server wrote into the page: {department: [[value, words], …], words: {…}, …}. */
  function lists() {
    if (!given) {
      const own = written("steps-lists");
      given = { ...own, shapes: written("forms-shapes"), words: { ...written("forms-words"), ...own.words } };
    }
    return given;
  }

  function word(name) {
    return (lists().words || {})[name] || name;
  }

  function byName(name) {
    return document.getElementsByName(name)[0];
  }

  function valueOf(name) {
    const field = byName(name);
    return field ? field.value : "";
  }

  /** Return the prefixes of all blocks that were removed: their inputs stay in the page until it is saved. */
  function removedPrefixes(form) {
    return Array.from(form.querySelectorAll('input[type="hidden"][name$="-deleted"]'))
      .filter((input) => input.value)
      .map((input) => input.name.slice(0, -"deleted".length));
  }

  let cache = null;

  /** Read the questions off the page, in order, and what others read; remembered until something changes. */
  function scan() {
    if (cache) return cache;
    const form = document.getElementById("w-editor-form") || document.body;
    const removed = removedPrefixes(form);
    const gone = (name) => removed.some((prefix) => name.startsWith(prefix));
    const found = { questions: [] };
    const used = new Set();
    form.querySelectorAll('input[type="hidden"]').forEach((input) => {
      const name = input.name;
      if (gone(name) || more.readers.some((read) => read(input, found, used))) return;
      if (/-value-key$/.test(name) && byName(name.replace(/-value-key$/, "-type"))) {
        readQuestion(name.replace(/-value-key$/, ""), input, used, found);
      } else if (/-choices-\d+-value-value$/.test(name) && !input.value) {
        input.value = fresh("c");
      }
    });
    cache = found;
    return found;
  }

  function fresh(letter) {
    const bytes = crypto.getRandomValues(new Uint8Array(5));
    return `${letter}_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }

  /** Give a key that is missing or used twice a new value, and remember it. */
  function keyOf(input, used, letter, group) {
    if (!input.value || used.has(`${group}/${input.value}`)) input.value = fresh(letter);
    used.add(`${group}/${input.value}`);
    return input.value;
  }

  function readQuestion(base, input, used, found) {
    // A column of a table is asked in every row, not by the form: its key is unique in its table.
    if (/-columns-\d+$/.test(base)) {
      keyOf(input, used, "q", base.replace(/\d+$/, ""));
      return;
    }
    const kind = valueOf(`${base}-type`);
    const result = kind === "calculated" ? valueOf(`${base}-value-result`) : kind;
    found.questions.push({
      key: keyOf(input, used, "q", "question"),
      label: valueOf(`${base}-value-label`) || word("unnamed"),
      kind: result,
      base,
    });
  }

  function shapeOf(question) {
    if (!question) return "text";
    if (question.kind === "choice") {
      const several = question.base && byName(`${question.base}-value-several`);
      return several && several.checked ? "many" : "text";
    }
    return (lists().shapes || {})[question.kind] ?? "text";
  }

  /** Return [value, words] of the answers of a question of the kind "choice". */
  function choicesOf(question) {
    if (!question || question.kind !== "choice" || !question.base) return [];
    const count = Number(valueOf(`${question.base}-value-choices-count`) || 0);
    const found = [];
    for (let at = 0; at < count; at += 1) {
      const base = `${question.base}-value-choices-${at}`;
      if (!valueOf(`${base}-deleted`)) {
        const value = byName(`${base}-value-value`);
        if (value && !value.value) value.value = fresh("c");
        if (value) found.push([value.value, valueOf(`${base}-value-label`)]);
      }
    }
    return found;
  }

  // --- choosers ------------------------------------------------------------------------------------------

  /** Return the entries of a chooser as it stands now. */
  function entriesOf(select) {
    const { source, only, extra } = select.forms;
    if (more.sources[source]) return more.sources[source](select, only, extra);
    if (source === "question") {
      // Conditions are not picked for tables and headings.
      const picked = select.name.endsWith("-field") && byName(select.name.replace(/-field$/, "-op"));
      const fits = scan().questions.filter(
        (entry) => (!picked || shapeOf(entry)) && (!only.length || only.includes(entry.kind)));
      return [...extra, ...fits.map((entry) => [entry.key, entry.label])];
    }
    return [...extra, ...(lists()[source] || [])];
  }

  function option(value, label) {
    const element = document.createElement("option");
    element.value = value;
    element.textContent = label;
    return element;
  }

  /** Write the entries into a chooser and keep what is chosen; what is gone stays, and says so. */
  function fill(select) {
    const entries = entriesOf(select);
    const chosen = select.value;
    const known = entries.some(([value]) => value === chosen);
    select.replaceChildren(option("", word("choose")), ...entries.map(([value, label]) => option(value, label)));
    if (chosen && !known) select.append(option(chosen, `${chosen} – ${word("removed")}`));
    select.value = chosen;
    select.classList.toggle("forms-removed", Boolean(chosen) && !known);
  }

  class Pick {
    constructor(source, only, extra) {
      Object.assign(this, { source, only, extra });
    }

    render(placeholder, name, id, state, capabilities, options) {
      const select = document.createElement("select");
      Object.assign(select, { name, id });
      select.forms = { source: this.source, only: this.only, extra: this.extra };
      select.dataset.formsPick = this.source;
      Object.entries((options && options.attributes) || {}).forEach(([key, value]) => select.setAttribute(key, value));
      placeholder.replaceWith(select);
      const set = (value) => {
        select.replaceChildren(option(value || "", value || word("choose")));
        select.value = value || "";
        soon();
      };
      set(state);
      select.addEventListener("focus", () => fill(select));
      select.addEventListener("pointerdown", () => fill(select));
      return {
        idForLabel: id,
        getState: () => select.value,
        getValue: () => select.value,
        setState: set,
        focus: () => select.focus(),
        getTextLabel: () => (select.value ? select.selectedOptions[0].textContent : ""),
        setInvalid: (wrong) => (wrong ? select.setAttribute("aria-invalid", "true") : select.removeAttribute("aria-invalid")),
      };
    }
  }

  window.telepath.register("forms.Pick", Pick);

  // --- conditions ----------------------------------------------------------------------------------------

  /** Offer the comparisons and the way to give a value that fit the question of a row. */
  function fitRow(select) {
    const base = select.name.slice(0, -"-field".length);
    const [op, value] = [byName(`${base}-op`), byName(`${base}-value`)];
    if (!op || !value) return;
    const question = scan().questions.find((entry) => entry.key === select.value);
    const shape = shapeOf(question);
    const allowed = OPERATORS[shape] || OPERATORS.text;
    Array.from(op.options).forEach((entry) => {
      entry.hidden = entry.disabled = Boolean(question) && !allowed.includes(entry.value);
    });
    if (question && !allowed.includes(op.value)) op.value = allowed[0];
    const whole = value.closest("[data-contentpath]");
    if (whole) whole.hidden = BARE.includes(op.value);
    value.type = shape === "day" ? "date" : "text";
    value.inputMode = shape === "number" ? "decimal" : "text";
    offer(value, choicesOf(question));
  }

  /** Put a list of answers before a text input that keeps the value of the one that is picked. */
  function offer(input, entries) {
    let list = input.previousElementSibling;
    if (!list || !list.matches("select.forms-answers")) list = null;
    if (!entries.length) {
      if (list) list.remove();
      input.hidden = false;
      return;
    }
    if (!list) {
      list = document.createElement("select");
      list.className = "forms-answers";
      list.setAttribute("aria-label", word("value"));
      list.addEventListener("change", () => {
        input.value = list.value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      input.before(list);
      input.hidden = true;
    }
    list.replaceChildren(option("", word("choose")), ...entries.map(([value, label]) => option(value, label)));
    if (input.value && !entries.some(([value]) => value === input.value)) {
      list.append(option(input.value, `${input.value} – ${word("removed")}`));
    }
    list.value = input.value;
  }

  /** Ask how several comparisons belong together only where there are several. */
  function showJoins() {
    document.querySelectorAll('input[name$="-rows-count"]').forEach((count) => {
      const base = count.name.slice(0, -"-count".length);
      const join = byName(base.replace(/-rows$/, "-join"));
      if (!join) return;
      let rows = 0;
      for (let at = 0; at < Number(count.value); at += 1) rows += valueOf(`${base}-${at}-deleted`) ? 0 : 1;
      join.closest("[data-contentpath]").hidden = rows < 2;
    });
  }

  // --- calculations --------------------------------------------------------------------------------------

  /** Put a list of questions below an expression: the one that is picked is written where the cursor is. */
  function offerKeys(area) {
    let list = area.nextElementSibling;
    if (!list || !list.matches("select.forms-keys")) {
      list = document.createElement("select");
      list.className = "forms-keys";
      list.setAttribute("aria-label", word("insert"));
      list.addEventListener("change", () => {
        if (list.value) area.setRangeText(list.value, area.selectionStart, area.selectionEnd, "end");
        list.value = "";
        area.dispatchEvent(new Event("input", { bubbles: true }));
        area.focus();
      });
      area.after(list);
    }
    if (document.activeElement === list) return;
    const entries = scan().questions.filter((entry) => !area.name.startsWith(`${entry.base}-`));
    list.replaceChildren(option("", word("insert")), ...entries.map(({ key, label }) => option(key, `${label} (${key})`)));
  }

  // --- keeping all of it up to date ----------------------------------------------------------------------

  let waiting = null;

  /** Look at the page again, once things are quiet. */
  function soon() {
    cache = null;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(refresh, 120);
  }

  function refresh() {
    cache = null;
    scan();
    document.querySelectorAll("select[data-forms-pick]").forEach((select) => {
      if (select.forms && document.activeElement !== select) show(select);
    });
    document.querySelectorAll('select[name$="-field"][data-forms-pick="question"]').forEach(fitRow);
    document.querySelectorAll('textarea[name$="-value-calculation"]').forEach(offerKeys);
    showJoins();
    more.afterwards.forEach((act) => act());
  }

  /** Show the words of what is chosen, without writing all entries: they come when the chooser is opened. */
  function show(select) {
    const chosen = select.value;
    if (!chosen) return;
    const entry = entriesOf(select).find(([value]) => value === chosen);
    const label = entry ? entry[1] : `${chosen} – ${word("removed")}`;
    if (select.selectedOptions[0].textContent !== label) select.selectedOptions[0].textContent = label;
    select.classList.toggle("forms-removed", !entry);
  }

  /** Make a chooser of a select that the server wrote. */
  function adopt(select) {
    if (select.forms) return;
    select.forms = { source: select.dataset.formsPick, only: [], extra: [] };
    select.addEventListener("focus", () => fill(select));
    select.addEventListener("pointerdown", () => fill(select));
  }

  /** Give a text input the suggestions of a list. */
  function suggest(input) {
    const list = document.createElement("datalist");
    list.id = `${input.id}-suggestions`;
    list.append(...(lists()[input.dataset.formsSuggest] || []).map(([value, label]) => option(value, label)));
    input.after(list);
    input.setAttribute("list", list.id);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("w-editor-form");
    if (!form) return;
    form.querySelectorAll("select[data-forms-pick]").forEach(adopt);
    form.querySelectorAll("input[data-forms-suggest]").forEach(suggest);
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    new MutationObserver((changes) => {
      if (changes.some((change) => change.addedNodes.length && change.target.closest("[data-contentpath]"))) soon();
    }).observe(form, { childList: true, subtree: true });
    // What was just filled in has to be there when the form is sent.
    form.addEventListener("submit", refresh, { capture: true });
    soon();
  });

  window.formsEditor = { ...more, byName, keyOf, fresh, lists, option, refresh, scan, soon, valueOf, word };
})();
