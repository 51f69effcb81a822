// <fo-dropzone>: turns a plain file input into a place to drop files on, sends each by itself and shows how far it
// is. The form's own action takes one file at a time just as it takes many; the answer is JSON
// {"ok": true, "words": "…"} or {"ok": false, "words": "why"}, or any page (then only the status counts).
// When all are sent the page goes to `data-then`, or the region of the form asks for itself (`data-refresh="#id"`).
const AT_ONCE = 2;

customElements.define("fo-dropzone", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".upload-list");
    this.form = this.closest("form");
    this.waiting = [];
    this.running = 0;
    this.failed = 0;
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
    while (this.running < AT_ONCE && this.waiting.length) this.#send(...this.waiting.shift());
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

  #finish() {
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
