// Forms that answer while people type: questions come and go, drafts keep themselves. Everything works without it.
// The rules are data that the server writes into the page (`home/forms/browser.py`), and are decided there again.
(() => {
  if (window.formsRules) return;
  const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|(?![\n\t])\p{Cc}|\p{Cs}/gu;

  // --- what was typed, as the server reads it --------------------------------------------------------------

  function cleanText(text, lines) {
    let found = text.replace(/\r\n?/g, "\n");
    if (!lines) found = found.replace(/[\n\t]/g, " ");
    return found.replace(INVISIBLE, "").normalize("NFC").trim();
  }

  /** Return the number that people here mean, or null: the last separator is decimal, unless it groups thousands. */
  function parseNumber(typed, places) {
    const text = typed.replace(/[\s\u00a0\u202f]/g, "");
    if (text.length > 60 || !/^[+-]?[0-9][0-9.,]{0,40}$/.test(text)) return null;
    const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
    if (last < 0) return Number(text);
    const mark = text[last];
    const grouping = text.split(mark).length > 2 || (places < 3 && text.length - last === 4);
    const [body, tail] = grouping ? [text, ""] : [text.slice(0, last), text.slice(last + 1)];
    if (!/^([+-]?[0-9]{1,3}([.,][0-9]{3})*|[+-]?[0-9]+)$/.test(body) || /[.,]/.test(tail)) return null;
    if (tail.replace(/0+$/, "").length > places) return null;
    return Number(body.replace(/[.,]/g, "") + (tail ? `.${tail}` : ""));
  }

  function parseMoney(typed) {
    const text = typed.trim().replace(/(vnđ|vnd|đồng|dong|đ|d|₫)\.?$/i, "").trim().replace(/[\s\u00a0\u202f]/g, " ");
    if (text.length > 60 || !/^-?([0-9]+|[0-9]{1,3}([., ])[0-9]{3}(\2[0-9]{3})*)$/.test(text)) return null;
    return Number(text.replace(/[., ]/g, ""));
  }

  function parseDay(text) {
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
    const local = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text);
    if (!iso && !local) return null;
    const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : [local[4], local[3], local[1]];
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
    return real ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : null;
  }

  function within(field, value) {
    if (value === null) return null;
    return (field.low !== null && value < field.low) || (field.high !== null && value > field.high) ? null : value;
  }

  /** Return what was typed (a list of texts; of files their number) as conditions see it; null for no answer. */
  function parse(field, typed) {
    const first = typed.length ? typed[0] : "";
    switch (field.kind) {
      case "number":
        return within(field, parseNumber(cleanText(first, false), field.places));
      case "money":
        return within(field, parseMoney(cleanText(first, false)));
      case "date":
        return within(field, parseDay(cleanText(first, false)));
      case "yes_no":
        return first === "yes" ? true : first === "no" ? false : null;
      case "choice":
        return field.shape === "many" ? typed : first;
      case "file":
        return typed.length;
      default:
        return cleanText(first, field.kind === "long_text");
    }
  }

  // --- conditions ------------------------------------------------------------------------------------------

  const isEmpty = (shape, value) =>
    shape === "many" ? !(value || []).length : shape === "files" ? !value : value === null || value === "";

  /** Tell whether one comparison holds. A missing number or day compares with nothing. */
  function lineHolds({ op, value: wanted }, { shape, value }) {
    if (op === "yes") return value === true;
    if (op === "no") return value !== true;
    if (op === "filled") return !isEmpty(shape, value);
    if (op === "empty") return isEmpty(shape, value);
    if (wanted === null || wanted === undefined) return false;
    const text = value === null || value === undefined ? (shape === "text" ? "" : null) : value;
    if (shape === "many") return (value || []).includes(wanted) === (op === "has");
    if (text === null) return false;
    switch (op) {
      case "eq": return text === wanted;
      case "ne": return text !== wanted;
      case "has": return text.includes(wanted);
      case "has_not": return !text.includes(wanted);
      case "gt": case "after": return text > wanted;
      case "lt": case "before": return text < wanted;
      case "ge": return text >= wanted;
      case "le": return text <= wanted;
      default: return false;
    }
  }

  /** Tell whether a condition holds; `true` always does, and of `null` only the server knows. */
  function holds(condition, values) {
    if (condition === true) return true;
    if (condition === null) return null;
    const one = (line) => line.field in values && lineHolds(line, values[line.field]);
    return condition.join === "any" ? condition.rows.some(one) : condition.rows.every(one);
  }

  window.formsRules = { holds, parse };

  // --- one form on the page --------------------------------------------------------------------------------

  class Page {
    constructor(mark) {
      this.mark = mark;
      this.form = mark.closest("form");
      const script = document.getElementById(mark.dataset.formsLogic);
      this.logic = script ? JSON.parse(script.textContent) : null;
      this.kept = this.form.querySelector("[data-forms-kept]");
      this.known = null;
      this.asking = 0;
      for (const name of ["input", "change"]) this.form.addEventListener(name, () => this.changed());
      window.addEventListener("pageshow", () => this.show());
      this.show();
    }

    get prefix() {
      return this.logic ? this.logic.prefix : "";
    }

    /** Return what stands in the page for a question, as texts; of files one entry each. */
    typed(key, kind) {
      const name = this.prefix + key;
      const controls = Array.from(this.form.elements).filter((control) => control.name === name);
      if (kind === "file") {
        const removed = this.form.querySelectorAll(`input[name="${name}-remove"]:checked`).length;
        const held = this.form.querySelectorAll(`input[name="${name}-kept"]`).length;
        return Array(Math.max(held - removed, 0) + controls.reduce((sum, { files }) => sum + files.length, 0)).fill("x");
      }
      return controls
        .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
        .map((control) => control.value);
    }

    /** Decide all rules in their order and show what follows. What only the server knows stays as it last said. */
    show() {
      if (!this.logic) return;
      const values = Object.fromEntries(Object.entries(this.logic.given));
      for (const [key, field] of Object.entries(this.logic.fields)) {
        values[key] = { shape: field.shape, value: parse(field, this.typed(key, field.kind)) };
      }
      for (const rule of this.logic.rules) {
        const decided = rule.show.map((condition) => holds(condition, values));
        const off = decided.includes(false) || (decided.includes(null) && this.saidOff(rule.key));
        if (off && values[rule.key]) values[rule.key] = { ...values[rule.key], value: null };
        this.switchQuestion(rule.key, off);
        if (rule.needs) this.require(rule.key, this.or(holds(rule.need, values), "required", rule.key));
        for (const [value, condition] of Object.entries(rule.options)) {
          this.switchOption(rule.key, value, this.or(holds(condition, values), "offered", rule.key, value));
        }
      }
      for (const [number, condition] of Object.entries(this.logic.sections)) {
        const section = this.form.querySelector(`[data-forms-section="${number}"]`);
        const shown = holds(condition, values);
        if (section && shown !== null) section.hidden = !shown;
        else if (section && this.known) section.hidden = this.known.closed.includes(Number(number));
      }
    }

    question(key) {
      return this.form.querySelector(`[data-forms-question="${key}"]`);
    }

    saidOff(key) {
      if (this.known) return this.known.hidden.includes(key);
      const question = this.question(key);
      return Boolean(question) && question.hidden;
    }

    /** Return a decision, or what the server said last where only it knows. */
    or(decided, what, key, value) {
      if (decided !== null) return decided;
      if (!this.known) return what === "offered";
      if (what === "required") return this.known.required.includes(key);
      return !(this.known.without[key] || []).includes(value);
    }

    switchQuestion(key, off) {
      const question = this.question(key);
      if (question) question.hidden = off;
    }

    require(key, needed) {
      const question = this.question(key);
      if (!question) return;
      question.classList.toggle("forms-required", needed);
      for (const star of question.querySelectorAll(".forms-star")) star.hidden = !needed;
    }

    switchOption(key, value, offered) {
      for (const control of this.form.elements) {
        if (control.name !== this.prefix + key) continue;
        const options = control.tagName === "SELECT" ? Array.from(control.options) : [control];
        for (const option of options.filter((one) => one.value === value)) {
          option.hidden = option.disabled = !offered;
          const line = option.closest(".form-check");
          if (line) line.hidden = !offered;
          if (!offered && option.selected) control.value = "";
          if (!offered && option.checked) option.checked = false;
        }
      }
    }

    changed() {
      this.show();
      if (this.logic && this.logic.asks) {
        window.clearTimeout(this.soon);
        this.soon = window.setTimeout(() => this.ask("look"), 400);
      }
      if ("formsDraft" in this.mark.dataset) {
        window.clearTimeout(this.later);
        this.later = window.setTimeout(() => this.ask("save"), 2500);
      }
    }

    /** Send what was typed, without files, to be looked at or kept; what comes back is shown. */
    async ask(go) {
      if (this.form.dataset.sent) return;
      const number = (this.asking += 1);
      const data = new FormData(this.form);
      for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
      data.set("_go", go);
      let answer;
      try {
        const reply = await fetch(this.form.getAttribute("action")?.split("#")[0] || window.location.pathname, {
          method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error",
        });
        answer = reply.ok ? await reply.json() : null;
      } catch {
        answer = null; // no network, or no session: the button says so
      }
      if (!answer) return;
      if (this.kept && answer.saved) this.kept.textContent = answer.saved;
      if (number === this.asking) this.take(answer);
    }

    take(answer) {
      this.known = answer;
      for (const [key, text] of Object.entries(answer.worked)) {
        const place = this.question(key)?.querySelector("[data-forms-worked]");
        if (place) place.textContent = text || "–";
      }
      this.show();
    }
  }

  const start = () => document.querySelectorAll("[data-forms-logic]").forEach((mark) => new Page(mark));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
