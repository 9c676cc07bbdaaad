// The blocks of the flow editor in the browser: choosers that are filled from the page, one of several
// alternatives, conditions, options that appear when they matter, and keys that nobody types.
(() => {
  const blocks = window.wagtailStreamField.blocks;
  const OPERATORS = {
    text: ["eq", "ne", "has", "has_not", "filled", "empty"],
    number: ["eq", "ne", "gt", "ge", "lt", "le", "filled", "empty"],
    day: ["eq", "ne", "after", "before", "filled", "empty"],
    truth: ["yes", "no"],
    many: ["has", "has_not", "filled", "empty"],
    files: ["filled", "empty"],
  };
  const BARE = ["yes", "no", "filled", "empty"];

  // --- what the page knows -------------------------------------------------------------------------------

  let given = null;

  /** Return the lists that the server wrote into the page: {department: [[value, words], …], words: {…}, …}. */
  function lists() {
    if (!given) {
      const script = document.getElementById("steps-lists");
      given = script ? JSON.parse(script.textContent) : {};
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

  /** Read questions and steps off the page, in order; remembered until something changes. */
  function scan() {
    if (cache) return cache;
    const form = document.getElementById("w-editor-form") || document.body;
    const removed = removedPrefixes(form);
    const gone = (name) => removed.some((prefix) => name.startsWith(prefix));
    const found = { questions: [], steps: [] };
    const used = new Set();
    form.querySelectorAll('input[type="hidden"]').forEach((input) => {
      const name = input.name;
      if (gone(name)) return;
      if (/-value-(key|id)$/.test(name) && byName(name.replace(/-value-(key|id)$/, "-type"))) {
        readBlock(name.replace(/-value-(key|id)$/, ""), input, used, found);
      } else if (/-branches-\d+-value-code$/.test(name) && !input.value) {
        input.value = fresh("o");
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

  function readBlock(base, input, used, found) {
    const type = valueOf(`${base}-type`);
    const isStep = input.name.endsWith("-value-id");
    if (!input.value || used.has(`${isStep}/${input.value}`)) {
      input.value = fresh(isStep ? "s" : type === "number" && byName(`${base}-value-pattern`) ? "n" : "q");
    }
    used.add(`${isStep}/${input.value}`);
    if (isStep) {
      const title = valueOf(`${base}-value-title`) || word("unnamed");
      found.steps.push({ key: input.value, label: title, kind: type, base, input });
      if (type === "sub_dossier") {
        found.questions.push({ key: `${input.value}_approved`, label: `${title}: ${word("approved")}`, kind: "number" });
        found.questions.push({ key: `${input.value}_closed`, label: `${title}: ${word("closed")}`, kind: "number" });
      }
    } else {
      const isNumber = Boolean(byName(`${base}-value-pattern`));
      // A column of a table is asked in every row, not by the form.
      if (/-columns-\d+$/.test(base)) return;
      found.questions.push({
        key: input.value,
        label: valueOf(`${base}-value-label`) || word("unnamed"),
        kind: isNumber ? "text" : type,
        base,
      });
    }
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
    const { source, only, extra } = select.steps;
    // Conditions are not picked for tables and headings.
    const picked = select.name.endsWith("-field") && byName(select.name.replace(/-field$/, "-op"));
    const limit = (entry) =>
      (!picked || shapeOf(entry)) && (!only.length || only.includes(entry.kind) || (only.includes("human") && isHuman(entry)));
    if (source === "question") {
      return [...extra, ...scan().questions.filter(limit).map((entry) => [entry.key, entry.label])];
    }
    if (source === "step") return [...extra, ...earlier(select).filter(limit).map((entry) => [entry.key, entry.label])];
    if (source === "outcome") return outcomes(select);
    return [...extra, ...(lists()[source] || [])];
  }

  function isHuman(entry) {
    return (lists().human || []).includes(entry.kind);
  }

  /** Return the steps that stand before the one that a chooser belongs to. */
  function earlier(select) {
    const before = [];
    for (const step of scan().steps) {
      if (select.name.startsWith(`${step.base}-value-`)) {
        if (!scan().steps.some((other) => other !== step && other.base.startsWith(`${step.base}-value-`)
          && select.name.startsWith(`${other.base}-value-`))) return before;
      } else if (step.input.compareDocumentPosition(select) & Node.DOCUMENT_POSITION_FOLLOWING) {
        before.push(step);
      }
    }
    return before;
  }

  /** Return the outcomes of the step that a chooser belongs to: the usual ones of its kind, and its own. */
  function outcomes(select) {
    const around = scan().steps.filter((step) => select.name.startsWith(`${step.base}-value-`));
    const step = around[around.length - 1];
    if (!step) return [];
    const own = Array.from(document.querySelectorAll(`input[name^="${step.base}-value-branches-"][name$="-value-code"]`))
      .filter((input) => /^\d+-value-code$/.test(input.name.slice(`${step.base}-value-branches-`.length)))
      .map((input) => [input.value, valueOf(input.name.replace(/code$/, "label"))]);
    return [...((lists().outcomes || {})[step.kind] || []), ...own];
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
    select.classList.toggle("steps-removed", Boolean(chosen) && !known);
  }

  class Pick {
    constructor(source, only, extra) {
      Object.assign(this, { source, only, extra });
    }

    render(placeholder, name, id, state, capabilities, options) {
      const select = document.createElement("select");
      Object.assign(select, { name, id });
      select.steps = { source: this.source, only: this.only, extra: this.extra };
      select.dataset.stepsPick = this.source;
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

  // --- one of several alternatives -----------------------------------------------------------------------

  class OneOf {
    constructor(definition, placeholder, prefix, state, error) {
      Object.assign(this, { definition, prefix, child: null, id: null, type: definition.name });
      this.element = document.createElement("div");
      this.element.className = "steps-one-of";
      this.element.innerHTML =
        '<input type="hidden" data-part="count"><input type="hidden" data-part="0-deleted">' +
        '<input type="hidden" data-part="0-order" value="0"><input type="hidden" data-part="0-type">' +
        '<input type="hidden" data-part="0-id"><select></select><p class="help"></p>' +
        '<ul class="steps-errors" hidden></ul><div class="steps-inner"></div>';
      this.element.querySelectorAll("[data-part]").forEach((input) => {
        input.name = `${prefix}-${input.dataset.part}`;
      });
      this.select = this.element.querySelector("select");
      this.select.id = this.idForLabel = `${prefix}-choice`;
      this.help = this.element.querySelector(".help");
      this.help.id = `${prefix}-choice-help`;
      this.select.setAttribute("aria-describedby", this.help.id);
      this.select.append(option("", word("choose")));
      definition.groupedChildBlockDefs.forEach(([, children]) =>
        children.forEach((child) => this.select.append(option(child.name, child.meta.label))));
      this.select.addEventListener("change", () => this.pick(this.select.value, undefined));
      this.container = [this.element];
      placeholder.replaceWith(this.element);
      Object.entries(definition.meta.attrs || {}).forEach(([key, value]) => this.element.setAttribute(key, value));
      this.about = definition.meta.helpText || "";
      this.setState(state || []);
      if (error) this.setError(error);
    }

    part(name) {
      return this.element.querySelector(`:scope > [data-part="${name}"]`);
    }

    pick(type, state) {
      const inner = this.element.querySelector(":scope > .steps-inner");
      const definition = this.definition.childBlockDefsByName[type];
      inner.replaceChildren();
      this.child = null;
      this.select.value = definition ? type : "";
      this.part("count").value = definition ? "1" : "0";
      this.part("0-type").value = definition ? type : "";
      this.part("0-id").value = this.id || "";
      this.help.textContent = [this.about, definition ? definition.meta.description : ""].filter(Boolean).join(" ");
      this.help.hidden = !this.help.textContent;
      if (definition) {
        const place = document.createElement("div");
        inner.append(place);
        const start = state === undefined ? this.definition.initialChildStates[type] : state;
        this.child = definition.render(place, `${this.prefix}-0-value`, start, null, new Map());
      }
      soon();
    }

    setState(state) {
      const first = (state || [])[0];
      this.id = first ? first.id || null : null;
      this.pick(first ? first.type : "", first ? first.value : undefined);
    }

    getState() {
      return this.child ? [{ type: this.select.value, value: this.child.getState(), id: this.id }] : [];
    }

    getDuplicatedState() {
      if (!this.child) return [];
      const value = this.child.getDuplicatedState ? this.child.getDuplicatedState() : this.child.getState();
      return [{ type: this.select.value, value, id: null }];
    }

    getValue() {
      return this.child ? [{ type: this.select.value, value: this.child.getValue(), id: this.id }] : [];
    }

    setError(error) {
      const list = this.element.querySelector(":scope > .steps-errors");
      const messages = (error && error.messages) || [];
      list.hidden = !messages.length;
      list.replaceChildren(...messages.map((text) => {
        const item = document.createElement("li");
        item.className = "error-message";
        item.textContent = text;
        return item;
      }));
      this.select.toggleAttribute("aria-invalid", messages.length > 0);
      this.element.classList.toggle("w-field--error", messages.length > 0);
      if (error && error.blockErrors && error.blockErrors[0] && this.child) this.child.setError(error.blockErrors[0]);
    }

    getTextLabel() {
      return this.select.value ? this.select.selectedOptions[0].textContent : "";
    }

    focus() {
      this.select.focus();
    }
  }

  class OneOfDefinition extends blocks.StreamBlockDefinition {
    render(placeholder, prefix, state, error) {
      return new OneOf(this, placeholder, prefix, state, error);
    }
  }

  window.telepath.register("steps.Pick", Pick);
  window.telepath.register("steps.OneOf", OneOfDefinition);

  // --- options that appear when they matter --------------------------------------------------------------

  /** Return the values of an option of the same part: what is ticked, picked or typed. */
  function valuesIn(element) {
    return Array.from(element.querySelectorAll("input[name], select[name]"))
      .filter((input) => input.type !== "hidden" && (!["checkbox", "radio"].includes(input.type) || input.checked))
      .map((input) => input.value);
  }

  function nearest(element, name) {
    let scope = element.parentElement;
    while (scope) {
      const found = scope.querySelector(`[data-contentpath="${name}"]`);
      if (found) return found;
      scope = scope.parentElement;
    }
    return null;
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

  function showWhatMatters() {
    showJoins();
    document.querySelectorAll("[data-steps-when]").forEach((element) => {
      const whole = element.closest("[data-contentpath]");
      if (!whole) return;
      const shown = Object.entries(JSON.parse(element.dataset.stepsWhen)).every(([name, values]) => {
        const control = nearest(whole, name);
        const now = control ? valuesIn(control) : [];
        return !control || (values.length ? now.some((value) => values.includes(value)) : !now.length);
      });
      whole.hidden = !shown;
    });
  }

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
    if (!list || !list.matches("select.steps-answers")) list = null;
    if (!entries.length) {
      if (list) list.remove();
      input.hidden = false;
      return;
    }
    if (!list) {
      list = document.createElement("select");
      list.className = "steps-answers";
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

  // --- keeping all of it up to date ----------------------------------------------------------------------

  /** Let the buttons that add something say what: a step, a question, a branch. */
  function nameButtons() {
    const names = lists().add || {};
    document.querySelectorAll(".c-sf-add-button").forEach((button) => {
      const around = button.closest("[data-contentpath]");
      const label = around && names[around.dataset.contentpath];
      if (label && button.title !== label) button.title = label;
    });
  }

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
    document.querySelectorAll("select[data-steps-pick]").forEach((select) => {
      if (select.steps && document.activeElement !== select) show(select);
    });
    document.querySelectorAll('select[name$="-field"][data-steps-pick="question"]').forEach(fitRow);
    showWhatMatters();
    nameButtons();
    document.dispatchEvent(new CustomEvent("steps:refreshed"));
  }

  /** Show the words of what is chosen, without writing all entries: they come when the chooser is opened. */
  function show(select) {
    const chosen = select.value;
    if (!chosen) return;
    const entry = entriesOf(select).find(([value]) => value === chosen);
    const label = entry ? entry[1] : `${chosen} – ${word("removed")}`;
    if (select.selectedOptions[0].textContent !== label) select.selectedOptions[0].textContent = label;
    select.classList.toggle("steps-removed", !entry);
  }

  /** Make a chooser of a select that the server wrote. */
  function adopt(select) {
    if (select.steps) return;
    select.steps = { source: select.dataset.stepsPick, only: [], extra: [] };
    select.addEventListener("focus", () => fill(select));
    select.addEventListener("pointerdown", () => fill(select));
  }

  /** Give a text input the suggestions of a list. */
  function suggest(input) {
    const list = document.createElement("datalist");
    list.id = `${input.id}-suggestions`;
    list.append(...(lists()[input.dataset.stepsSuggest] || []).map(([value, label]) => option(value, label)));
    input.after(list);
    input.setAttribute("list", list.id);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("w-editor-form");
    if (!form) return;
    form.querySelectorAll("select[data-steps-pick]").forEach(adopt);
    form.querySelectorAll("input[data-steps-suggest]").forEach(suggest);
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    new MutationObserver((changes) => {
      if (changes.some((change) => change.addedNodes.length && change.target.closest("[data-contentpath]"))) soon();
    }).observe(form, { childList: true, subtree: true });
    // What was just filled in has to be there when the form is sent.
    form.addEventListener("submit", refresh, { capture: true });
    soon();
  });

  window.stepsEditor = { scan, refresh };
})();
