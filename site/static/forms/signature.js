// A pad to sign on. What is drawn becomes the file of the input below, so the server sees an upload like any other.
(() => {
  // Two forms on a page bring the script twice.
  if (document.documentElement.dataset.formsSignature) return;
  document.documentElement.dataset.formsSignature = "1";
  const prepare = (box) => {
    const canvas = box.querySelector("canvas");
    const input = box.querySelector("input[type=file]");
    if (!canvas || !input || box.dataset.ready || !window.DataTransfer || !canvas.toBlob) return;
    box.dataset.ready = "1";
    const pen = canvas.getContext("2d");
    const again = box.querySelector("[data-clear]");
    const said = box.querySelector("output");
    if (box.clientWidth < 420) canvas.height = 320; // a narrow pad is higher
    let drawing = false;
    let drawn = false;
    const clear = () => {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.strokeStyle = "#0b1f4b";
      pen.lineWidth = 3;
      pen.lineCap = pen.lineJoin = "round";
      drawn = false;
      again.disabled = true;
      said.textContent = "";
      box.classList.remove("is-drawn");
    };
    const place = (event) => {
      const frame = canvas.getBoundingClientRect();
      return [
        ((event.clientX - frame.left) * canvas.width) / frame.width,
        ((event.clientY - frame.top) * canvas.height) / frame.height,
      ];
    };
    const keep = () =>
      canvas.toBlob((blob) => {
        if (!blob || !drawn) return;
        const files = new DataTransfer();
        files.items.add(new File([blob], "signature.png", { type: "image/png" }));
        input.files = files.files;
        said.textContent = said.dataset.done;
      }, "image/png");
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      drawing = drawn = true;
      again.disabled = false;
      box.classList.add("is-drawn");
      pen.beginPath();
      pen.moveTo(...place(event));
      pen.lineTo(...place(event));
      pen.stroke();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...place(event));
      pen.stroke();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (drawing) keep();
        drawing = false;
      });
    }
    again.addEventListener("click", () => {
      clear();
      input.value = "";
      canvas.focus();
    });
    input.addEventListener("change", clear);
    clear();
    for (const part of box.querySelectorAll("[data-pad]")) part.hidden = false;
  };
  const prepareAll = () => document.querySelectorAll("[data-sign]").forEach(prepare);
  prepareAll();
  document.addEventListener("htmx:load", prepareAll);
})();
