// <fo-dropzone>: turns a plain file input into a place to drop files on, sends each by itself and shows how far it
// is. The form's own action takes one file at a time just as it takes many; the answer is JSON
// {"ok": true, "words": "…"} or {"ok": false, "words": "why"}, or any page (then only the status counts).
// The answer may also have `tone: "warn"`, and `keep: {name, value, remove}`: a hidden field that goes into the form in
// the file's line, for a form that is sent later; the line then has a button of that name that takes it away.
// When all are sent the page goes to `data-then`, or the region of the form asks for itself (`data-refresh="#id"`).

customElements.define("fo-dropzone", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".upload-list");
    this.form = this.closest("form");
    this.waiting = [];
    this.running = 0;
    this.failed = 0;
    this.atOnce = Number(this.dataset.atOnce) || 2;
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => this.#over(event));
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => this.removeAttribute("data-over"));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#take(event.dataTransfer.files);
    });
    this.input.addEventListener("change", () => {
      this.#take(this.input.files);
      this.input.value = "";
    });
    this.input.required = false;
    this.form.addEventListener("submit", (event) => this.#hold(event));
    this.list.addEventListener("click", (event) => event.target.closest("[data-take-away]")?.closest(".upload").remove());
  }

  #over(event) {
    event.preventDefault();
    this.dataset.over = "";
  }

  #take(files) {
    const room = Number(this.dataset.maxFiles) || Infinity;
    const limit = Number(this.dataset.maxBytes) || Infinity;
    for (const [place, file] of [...files].entries()) {
      const line = this.#line(file);
      if (place >= room) this.#end(line, false, this.dataset.tooMany);
      else if (file.size > limit) this.#end(line, false, this.dataset.tooLarge);
      else this.waiting.push([file, line]);
    }
    this.#next();
  }

  #line(file) {
    const line = this.querySelector("template").content.firstElementChild.cloneNode(true);
    line.querySelector(".upload-name").textContent = file.name;
    line.querySelector(".upload-size").textContent = readable(file.size);
    if (/^image\/(jpeg|png|gif|webp|avif)$/.test(file.type)) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
      line.querySelector(".upload-blank").replaceWith(picture);
    }
    this.list.append(line);
    return line;
  }

  #next() {
    while (this.running < this.atOnce && this.waiting.length) this.#send(...this.waiting.shift());
  }

  #send(file, line) {
    this.running += 1;
    const body = new FormData(this.form);
    body.delete(this.input.name);
    body.append(this.input.name, file, file.name);
    const xhr = new XMLHttpRequest();
    const bar = line.querySelector("progress");
    xhr.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    xhr.addEventListener("loadend", () => {
      const said = parsed(xhr.responseText);
      const well = xhr.status >= 200 && xhr.status < 400 && said.ok !== false;
      this.#end(line, well, said.words || (well ? this.dataset.done : this.dataset.failed));
      if (well && said.tone) line.dataset.tone = said.tone;
      if (well && said.keep) this.#keep(line, said.keep);
      this.running -= 1;
      this.#next();
      if (!this.running && !this.waiting.length) this.#finish();
    });
    xhr.open("POST", this.form.action);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    xhr.send(body);
  }

  #end(line, well, words) {
    if (!well) this.failed += 1;
    line.dataset.state = well ? "done" : "failed";
    line.querySelector("progress").remove();
    line.querySelector(".upload-words").textContent = words;
  }

  #keep(line, { name, value, remove }) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: remove });
    button.dataset.takeAway = "";
    button.ariaLabel = `${remove}: ${line.querySelector(".upload-name").textContent}`;
    line.append(field, button);
  }

  // The form is sent while files are on their way: it waits for them.
  #hold(event) {
    if (!this.running && !this.waiting.length) return;
    event.preventDefault();
    this.failed = 0;
    this.held = event.submitter ?? true;
  }

  #finish() {
    const held = this.held;
    this.held = undefined;
    // A form that is nothing but its files (`data-then`) has sent all it had; any other goes on its way now.
    if (held && !this.failed && !this.dataset.then) return this.form.requestSubmit(held === true ? undefined : held);
    this.dispatchEvent(new CustomEvent("fo:uploaded", { bubbles: true, detail: { failed: this.failed } }));
    const region = this.dataset.refresh && document.querySelector(this.dataset.refresh);
    if (region) window.htmx?.trigger(region, "fo:refresh");
    else if (this.dataset.then && !this.failed) location.assign(this.dataset.then);
  }
});

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function readable(bytes) {
  const [divisor, unit] = bytes >= 1e6 ? [1e6, "megabyte"] : [1e3, "kilobyte"];
  const style = { style: "unit", unit, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(bytes / divisor);
}
