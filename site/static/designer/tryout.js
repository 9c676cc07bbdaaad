// Walks the flow again whenever an answer or a choice changes. Without this script a button does it.
(() => {
  const form = document.getElementById("tryout-form");
  const result = document.getElementById("tryout-result");
  const status = document.getElementById("tryout-status");
  if (!form || !result) return;
  let waiting = null;
  let running = null;

  async function walk() {
    if (running) running.abort();
    const mine = (running = new AbortController());
    const data = new FormData(form);
    data.delete("save");
    data.set("walk_only", "1");
    const focused = result.contains(document.activeElement) ? document.activeElement.id : "";
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      result.innerHTML = await answer.text();
      if (focused) document.getElementById(focused)?.focus();
      status.textContent = result.dataset.done;
    } catch (error) {
      if (error.name === "AbortError") return;
      form.requestSubmit(form.querySelector('[name="walk"]'));
    } finally {
      if (running === mine) result.removeAttribute("aria-busy");
    }
  }

  function soon(delay) {
    clearTimeout(waiting);
    waiting = setTimeout(walk, delay);
  }

  form.addEventListener("change", (event) => {
    if (event.target.name !== "name") soon(50);
  });
  form.addEventListener("input", (event) => {
    if (event.target.name !== "name" && event.target.matches("input, textarea")) soon(700);
  });
})();
