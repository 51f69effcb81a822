// <fo-picture>: a picture with findings drawn on it. Zoom with buttons, + and -, the wheel with Ctrl, or two
// fingers of a trackpad; move by dragging or with the arrows. A finding in the list lights its region.
const LEAST = 1;
const MOST = 8;

customElements.define("fo-picture", class extends HTMLElement {
  connectedCallback() {
    this.stage = this.querySelector(".viewer-stage");
    this.sheet = this.querySelector(".viewer-sheet");
    Object.assign(this, { zoom: 1, x: 0, y: 0 });
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act));
    this.stage.addEventListener("keydown", (event) => this.#key(event));
    this.stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.#drag(event));
    for (const name of ["pointerover", "focusin"]) this.addEventListener(name, (event) => this.#light(event.target));
    for (const name of ["pointerout", "focusout"]) this.addEventListener(name, () => this.#light(null));
    for (const link of this.querySelectorAll("[data-show]")) {
      link.addEventListener("click", () => this.#show(link.dataset.show));
    }
  }

  #act(name) {
    const { width, height } = this.stage.getBoundingClientRect();
    if (name === "in") this.#zoomTo(this.zoom * 1.5, width / 2, height / 2);
    if (name === "out") this.#zoomTo(this.zoom / 1.5, width / 2, height / 2);
    if (name === "fit") this.#zoomTo(1, 0, 0);
    if (name === "marks") {
      const hidden = this.classList.toggle("viewer-hide");
      this.querySelector("[data-act=marks]").setAttribute("aria-pressed", String(!hidden));
    }
  }

  #key(event) {
    const step = 60;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const acts = { "+": "in", "=": "in", "-": "out", 0: "fit", m: "marks" };
    if (event.key in acts) this.#act(acts[event.key]);
    else if (event.key in moves && this.zoom > 1) this.#moveBy(...moves[event.key]);
    else return;
    event.preventDefault();
  }

  #wheel(event) {
    if (!event.ctrlKey) return; // the page scrolls
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    this.#zoomTo(this.zoom * Math.exp(-event.deltaY / 200), event.clientX - box.left, event.clientY - box.top);
  }

  #drag(event) {
    if (this.zoom === 1 || event.button !== 0) return;
    event.preventDefault();
    this.stage.setPointerCapture(event.pointerId);
    this.stage.dataset.dragging = "";
    const move = (each) => this.#moveBy(each.movementX, each.movementY);
    this.stage.addEventListener("pointermove", move);
    const end = () => {
      this.stage.removeEventListener("pointermove", move);
      delete this.stage.dataset.dragging;
    };
    this.stage.addEventListener("pointerup", end, { once: true });
    this.stage.addEventListener("pointercancel", end, { once: true });
  }

  #zoomTo(zoom, atX, atY) {
    const before = this.zoom;
    this.zoom = Math.min(MOST, Math.max(LEAST, zoom));
    const offX = this.sheet.offsetLeft;
    const offY = this.sheet.offsetTop;
    this.x = atX - offX - ((atX - offX - this.x) / before) * this.zoom;
    this.y = atY - offY - ((atY - offY - this.y) / before) * this.zoom;
    this.#draw();
  }

  #moveBy(x, y) {
    this.x += x;
    this.y += y;
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const hold = (value, sheet, stage, off) =>
      sheet * this.zoom <= stage ? (stage - sheet * this.zoom) / 2 - off : Math.min(-off, Math.max(stage - sheet * this.zoom - off, value));
    if (this.zoom === 1) this.x = this.y = 0;
    else {
      this.x = hold(this.x, this.sheet.offsetWidth, width, this.sheet.offsetLeft);
      this.y = hold(this.y, this.sheet.offsetHeight, height, this.sheet.offsetTop);
    }
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.zoom})`;
    this.sheet.style.setProperty("--zoom", this.zoom);
    this.stage.toggleAttribute("data-zoomed", this.zoom > 1);
    const words = this.querySelector("[data-zoom]");
    if (words) words.textContent = `${Math.round(this.zoom * 100)} %`;
  }

  #light(target) {
    const number = target?.closest?.("[data-region]")?.dataset.region;
    for (const part of this.querySelectorAll("[data-region]")) {
      part.classList.toggle("is-lit", part.dataset.region === number);
    }
  }

  #show(number) {
    const region = this.querySelector(`.region[data-region="${number}"] rect`);
    if (!region) return;
    this.#zoomTo(1, 0, 0);
    const box = region.getBoundingClientRect();
    const stage = this.stage.getBoundingClientRect();
    const zoom = Math.min(MOST, 0.6 * Math.min(stage.width / box.width, stage.height / box.height));
    if (zoom > 1) {
      const middle = [box.left + box.width / 2 - stage.left, box.top + box.height / 2 - stage.top];
      this.#zoomTo(zoom, ...middle);
      this.#moveBy(stage.width / 2 - middle[0], stage.height / 2 - middle[1]);
    }
    this.stage.focus({ preventScroll: true });
  }
});
