// The blocks of the flow editor in the browser: one of several alternatives, choosers of steps and outcomes, options
// that appear when they matter. Questions, conditions and choosers in general are those of `forms/editor.js`.
(() => {
  const blocks = window.wagtailStreamField.blocks;
  const editor = window.formsEditor;
  const { byName, fresh, keyOf, lists, option, scan, soon, valueOf, word } = editor;

  // --- what the page knows -------------------------------------------------------------------------------

  /** Read a step, and the codes of outcomes; tell whether the input was one of them. */
  editor.readers.push((input, found, used) => {
    found.steps = found.steps || [];
    const name = input.name;
    if (/-branches-\d+-value-code$/.test(name)) {
      if (!input.value) input.value = fresh("o");
      return true;
    }
    const base = name.replace(/-value-(key|id)$/, "");
    if (base === name || !byName(`${base}-type`)) return false;
    if (name.endsWith("-value-id")) readStep(base, input, used, found);
    else if (valueOf(`${base}-type`) === "number" && byName(`${base}-value-pattern`)) readNumber(base, input, used, found);
    else return false;
    return true;
  });

  function readStep(base, input, used, found) {
    const kind = valueOf(`${base}-type`);
    const key = keyOf(input, used, "s", "step");
    const title = valueOf(`${base}-value-title`) || word("unnamed");
    found.steps.push({ key, label: title, kind, base, input });
    if (kind === "sub_dossier") {
      found.questions.push({ key: `${key}_approved`, label: `${title}: ${word("approved")}`, kind: "number" });
      found.questions.push({ key: `${key}_closed`, label: `${title}: ${word("closed")}`, kind: "number" });
    }
  }

  /** A step that takes a number answers a question: the number is a text. */
  function readNumber(base, input, used, found) {
    const key = keyOf(input, used, "n", "question");
    found.questions.push({ key, label: valueOf(`${base}-value-label`) || word("unnamed"), kind: "text", base });
  }

  function steps() {
    return scan().steps || [];
  }

  // --- choosers ------------------------------------------------------------------------------------------

  editor.sources.step = (select, only, extra) => {
    const fits = (entry) => !only.length || only.includes(entry.kind) || (only.includes("human") && isHuman(entry));
    return [...extra, ...earlier(select).filter(fits).map((entry) => [entry.key, entry.label])];
  };
  editor.sources.outcome = outcomes;

  function isHuman(entry) {
    return (lists().human || []).includes(entry.kind);
  }

  /** Return the steps that stand before the one that a chooser belongs to. */
  function earlier(select) {
    const before = [];
    for (const step of steps()) {
      if (select.name.startsWith(`${step.base}-value-`)) {
        if (!steps().some((other) => other !== step && other.base.startsWith(`${step.base}-value-`)
          && select.name.startsWith(`${other.base}-value-`))) return before;
      } else if (step.input.compareDocumentPosition(select) & Node.DOCUMENT_POSITION_FOLLOWING) {
        before.push(step);
      }
    }
    return before;
  }

  /** Return the outcomes of the step that a chooser belongs to: the usual ones of its kind, and its own. */
  function outcomes(select) {
    const around = steps().filter((step) => select.name.startsWith(`${step.base}-value-`));
    const step = around[around.length - 1];
    if (!step) return [];
    const own = Array.from(document.querySelectorAll(`input[name^="${step.base}-value-branches-"][name$="-value-code"]`))
      .filter((input) => /^\d+-value-code$/.test(input.name.slice(`${step.base}-value-branches-`.length)))
      .map((input) => [input.value, valueOf(input.name.replace(/code$/, "label"))]);
    return [...((lists().outcomes || {})[step.kind] || []), ...own];
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

  function showWhatMatters() {
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

  /** Let the buttons that add something say what: a step, a question, a branch. */
  function nameButtons() {
    const names = lists().add || {};
    document.querySelectorAll(".c-sf-add-button").forEach((button) => {
      const around = button.closest("[data-contentpath]");
      const label = around && names[around.dataset.contentpath];
      if (label && button.title !== label) button.title = label;
    });
  }

  editor.afterwards.push(showWhatMatters, nameButtons);
})();
