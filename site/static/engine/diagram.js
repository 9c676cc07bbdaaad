// Zoom and pan for diagrams: buttons, keys, Ctrl + wheel, dragging. Without it a diagram fits the width of its place.

const SMALLEST = 0.2;
const LARGEST = 3;
const STEP = 1.2;
// A wider flow is not made smaller than this of its own accord.
const READABLE = 0.6;

function natural(svg) {
  const box = svg.viewBox.baseVal;
  return { width: box.width, height: box.height };
}

class Desk {
  constructor(root) {
    this.root = root;
    this.desk = root.querySelector("[data-diagram-desk]");
    this.svg = this.desk.querySelector("svg");
    this.tools = root.querySelector("[data-diagram-tools]");
    this.scaleText = root.querySelector("[data-diagram-scale]");
    this.key = `diagram-zoom:${location.pathname}`;
    this.zoom = null;
  }

  start() {
    this.tools.hidden = false;
    this.tools.addEventListener("click", (event) => this.click(event));
    this.desk.addEventListener("keydown", (event) => this.press(event));
    this.desk.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.desk.addEventListener("pointerdown", (event) => this.grab(event));
    new ResizeObserver(() => this.show()).observe(this.desk);
    const kept = Number(sessionStorage.getItem(this.key));
    this.set(kept > 0 ? kept : null);
    if (!(kept > 0) && this.fitting() < READABLE) this.begin();
  }

  // On a narrow screen begin where the letters can be read, with the step that is open now in the middle.
  begin() {
    this.zoom = READABLE;
    this.show();
    const open = this.svg.querySelector(".step.is-open") ?? this.svg.querySelector(".terminal");
    const [box, part] = [this.desk.getBoundingClientRect(), open.getBoundingClientRect()];
    this.desk.scrollLeft += part.left + part.width / 2 - box.left - box.width / 2;
    this.desk.scrollTop += part.top + part.height / 2 - box.top - box.height / 2;
  }

  // The scale at which the whole width is seen; small flows are not blown up.
  fitting() {
    const style = getComputedStyle(this.desk);
    const room = this.desk.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return Math.min(1, Math.max(SMALLEST, room / natural(this.svg).width));
  }

  current() {
    return this.zoom ?? this.fitting();
  }

  // Set the scale (null: fit the width), keeping the point under `at` where it is.
  set(zoom, at = null) {
    const before = this.current();
    const box = this.desk.getBoundingClientRect();
    const point = at ?? { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    const x = this.desk.scrollLeft + point.x - box.left;
    const y = this.desk.scrollTop + point.y - box.top;
    this.zoom = zoom === null ? null : Math.min(LARGEST, Math.max(SMALLEST, zoom));
    this.show();
    const ratio = this.current() / before;
    this.desk.scrollLeft += x * ratio - x;
    this.desk.scrollTop += y * ratio - y;
    if (this.zoom === null) sessionStorage.removeItem(this.key);
    else sessionStorage.setItem(this.key, String(this.zoom));
  }

  show() {
    const { width, height } = natural(this.svg);
    const scale = this.current();
    this.desk.classList.add("is-zoomed");
    this.svg.setAttribute("width", String(Math.floor(width * scale)));
    this.svg.setAttribute("height", String(Math.floor(height * scale)));
    const wider = this.desk.scrollWidth > this.desk.clientWidth + 1;
    const taller = this.desk.scrollHeight > this.desk.clientHeight + 1;
    this.desk.classList.toggle("can-pan", wider || taller);
    if (this.scaleText) this.scaleText.textContent = `${Math.round(scale * 100)} %`;
  }

  act(name, at = null) {
    if (name === "in") this.set(this.current() * STEP, at);
    else if (name === "out") this.set(this.current() / STEP, at);
    else if (name === "fit") this.set(null);
    else if (name === "whole") this.set(1, at);
    else return false;
    return true;
  }

  click(event) {
    const button = event.target.closest("[data-diagram-act]");
    if (button) this.act(button.dataset.diagramAct);
  }

  press(event) {
    if (event.altKey || event.metaKey) return;
    const name = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "whole" }[event.key];
    if (name && this.act(name)) event.preventDefault();
  }

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.act(event.deltaY < 0 ? "in" : "out", { x: event.clientX, y: event.clientY });
  }

  // A mouse drags the picture; fingers and pens scroll it by themselves.
  grab(event) {
    if (event.pointerType !== "mouse" || event.button !== 0 || !this.desk.classList.contains("can-pan")) return;
    const from = { x: event.clientX, y: event.clientY, left: this.desk.scrollLeft, top: this.desk.scrollTop };
    let moved = false;
    const move = (now) => {
      const dx = now.clientX - from.x;
      const dy = now.clientY - from.y;
      if (!moved && Math.hypot(dx, dy) < 4) return;
      moved = true;
      this.desk.classList.add("is-panning");
      this.desk.scrollLeft = from.left - dx;
      this.desk.scrollTop = from.top - dy;
    };
    const stop = () => {
      window.removeEventListener("pointermove", move);
      this.desk.classList.remove("is-panning");
      // A drag that ends on a link is no click.
      if (moved) this.desk.addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop, { once: true });
  }
}

for (const root of document.querySelectorAll("[data-diagram]")) new Desk(root).start();
