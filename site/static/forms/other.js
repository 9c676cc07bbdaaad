// The box for another answer is there only while “other” is picked. Without JavaScript it always is.
(() => {
  // Two forms on a page bring the script twice.
  if (document.documentElement.dataset.formsOther) return;
  document.documentElement.dataset.formsOther = "1";
  const OTHER = "_other";
  const fit = (box) => {
    const name = box.dataset.other;
    const controls = [...(box.closest("form") || document).querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const picked = controls.some((one) => (one.matches("select") ? one.value === OTHER : one.checked && one.value === OTHER));
    box.hidden = !picked;
    return picked;
  };
  const fitAll = () => document.querySelectorAll("[data-other]").forEach(fit);
  document.addEventListener("change", (event) => {
    const name = event.target.name;
    if (!name) return;
    for (const box of document.querySelectorAll("[data-other]")) {
      if (box.dataset.other === name && fit(box) && event.target.value === OTHER) box.querySelector("input").focus();
    }
  });
  // A hidden box is not sent: whoever changes their mind means what is picked.
  document.addEventListener("formdata", (event) => {
    for (const box of event.target.querySelectorAll("[data-other][hidden] input")) event.formData.delete(box.name);
  });
  fitAll();
  document.addEventListener("htmx:load", fitAll);
})();
