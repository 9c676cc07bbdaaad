// Rows of a table are added and removed without asking the server, and totals follow what is typed.
(() => {
  // Two forms on a page bring the script twice.
  if (document.documentElement.dataset.formsRows) return;
  document.documentElement.dataset.formsRows = "1";
  const BLANK = "__row__";

  /** Read a number as people here write it: the rules are those of `parse_number` on the server. */
  const read = (text, places) => {
    const plain = text.replace(/[\s\u00a0\u202f]|đ|₫|vnđ|vnd/gi, "");
    if (!/^[+-]?\d[\d.,]*$/.test(plain)) return 0;
    const last = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
    if (last < 0) return Number(plain);
    const marks = plain.split(plain[last]).length - 1;
    const groups = marks > 1 || (places < 3 && plain.length - last === 4);
    const whole = (groups ? plain : plain.slice(0, last)).replace(/[.,]/g, "");
    return Number(groups ? whole : `${whole}.${plain.slice(last + 1)}`) || 0;
  };

  const rowsOf = (table) => [...table.querySelectorAll("tbody > tr[data-row]")];

  const total = (table) => {
    for (const output of table.querySelectorAll("output[data-total]")) {
      const places = Number(output.dataset.places);
      const cells = table.querySelectorAll(`tbody td[data-column="${CSS.escape(output.dataset.total)}"] input`);
      const sum = [...cells].reduce((so_far, cell) => so_far + read(cell.value, places), 0);
      const language = document.documentElement.lang || "vi";
      const words = new Intl.NumberFormat(language, { maximumFractionDigits: places }).format(sum);
      output.textContent = output.dataset.zero.replace("0", words);
    }
  };

  const settle = (table) => {
    const rows = rowsOf(table);
    table.querySelector('button[name$="-add"]').disabled = rows.length >= Number(table.dataset.most);
    total(table);
  };

  const add = (table) => {
    const number = table.dataset.next;
    table.dataset.next = Number(number) + 1;
    const copy = table.querySelector("template").content.cloneNode(true);
    for (const part of copy.querySelectorAll("*")) {
      for (const attribute of part.attributes) {
        if (attribute.value.includes(BLANK)) attribute.value = attribute.value.replace(BLANK, number);
      }
    }
    table.querySelector("tbody").append(copy);
    prepare(table);
    settle(table);
    rowsOf(table).at(-1).querySelector("input:not([type=hidden]), select").focus();
    table.querySelector("[data-said]").textContent = table.dataset.added;
  };

  const remove = (table, row) => {
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    settle(table);
    (next?.querySelector("input:not([type=hidden]), select") || table.querySelector('button[name$="-add"]')).focus();
    table.querySelector("[data-said]").textContent = table.dataset.removed;
  };

  /** Buttons that would send the form do their work here instead. */
  const prepare = (table) => {
    table.querySelector("[data-plain-only]")?.remove();
    for (const button of table.querySelectorAll("button[type=submit]")) button.type = "button";
  };

  const prepareAll = () => document.querySelectorAll("[data-rows]").forEach((table) => (prepare(table), settle(table)));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rows] button[name]");
    const table = button?.closest("[data-rows]");
    if (!table || button.type !== "button") return;
    if (button.name === `${table.dataset.rows}-add`) add(table);
    else if (button.name === `${table.dataset.rows}-drop`) remove(table, button.closest("tr[data-row]"));
  });
  document.addEventListener("input", (event) => {
    const table = event.target.closest("[data-rows]");
    if (table) total(table);
  });
  prepareAll();
  document.addEventListener("htmx:load", prepareAll);
})();
